// A breadth-first search written by hand for models/pods.kspec alone: how fast can it be?
//
//   g++ -O3 -march=native -pthread -DPODS=4 -DNODES=2 -DREPLICAS=3 -DCAPACITY=2 -DTHREADS=1 pods.cpp
//
// A state is one word. Each pod has a byte: its phase (bits 0-2), its node or 0 (bits 3-4), its address or 0 (bits
// 5-7); nodes and addresses count from 1. Above the pods: which nodes are ready, and how many replicas are desired.
// The visited set is one array of words with linear probing; successors wait in a ring while their entry is fetched.

#include <sys/mman.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

static_assert(PODS <= 6 && NODES <= 3 && REPLICAS <= 7, "a state must fit into one word");

using State = uint64_t;
using Entry = std::atomic<State>;

enum Phase : unsigned { ABSENT, PENDING, BOUND, RUNNING, FAILED, TERMINATING };

constexpr unsigned READY_AT = 48, DESIRED_AT = 52;
constexpr State STORED = State(1) << 63;  // in every state, so that none is 0, which is a vacant entry

struct Pod {
    unsigned phase, node, address;
};

static Pod pod(State s, unsigned p) {
    unsigned bits = s >> 8 * p & 0xff;
    return {bits & 7, bits >> 3 & 3, bits >> 5};
}

static State with(State s, unsigned p, Pod to) {
    State bits = to.phase | to.node << 3 | to.address << 5;
    return (s & ~(State(0xff) << 8 * p)) | bits << 8 * p;
}

static bool ready(State s, unsigned node) { return s >> (READY_AT + node - 1) & 1; }
static unsigned desired(State s) { return s >> DESIRED_AT & 7; }
static bool live(unsigned phase) { return phase == PENDING || phase == BOUND || phase == RUNNING; }

struct Usage {
    unsigned present = 0, on[NODES + 1] = {}, addresses = 0;
    explicit Usage(State s) {
        for (unsigned p = 0; p < PODS; p++) {
            Pod it = pod(s, p);
            present += live(it.phase);
            on[it.node]++;
            addresses |= 1u << it.address;
        }
    }
};

template <class Emit>
static void expand_pod(State s, unsigned p, const Usage& usage, Emit&& emit) {
    Pod it = pod(s, p);
    switch (it.phase) {
        case ABSENT:
            if (usage.present < desired(s)) emit(with(s, p, {PENDING, it.node, it.address}));
            return;
        case PENDING:
            for (unsigned node = 1; node <= NODES; node++)
                if (ready(s, node) && usage.on[node] < CAPACITY) emit(with(s, p, {BOUND, node, it.address}));
            break;
        case BOUND:
            if (ready(s, it.node)) {
                for (unsigned address = 1; address <= PODS; address++)
                    if (!(usage.addresses >> address & 1)) emit(with(s, p, {RUNNING, it.node, address}));
            } else {
                emit(with(s, p, {FAILED, it.node, it.address}));  // evicted
            }
            break;
        case RUNNING:
            emit(with(s, p, {FAILED, it.node, it.address}));
            if (!ready(s, it.node)) emit(with(s, p, {FAILED, it.node, it.address}));  // evicted
            break;
        case FAILED:
            emit(with(s, p, {ABSENT, 0, 0}));
            return;
        case TERMINATING:
            if (it.node == 0 || ready(s, it.node)) emit(with(s, p, {ABSENT, 0, 0}));
            return;
    }
    if (usage.present > desired(s)) emit(with(s, p, {TERMINATING, it.node, it.address}));
}

template <class Emit>
static void expand(State s, Emit&& emit) {
    Usage usage(s);
    for (unsigned to = 0; to <= REPLICAS; to++)
        if (to != desired(s)) emit((s & ~(State(7) << DESIRED_AT)) | State(to) << DESIRED_AT);
    for (unsigned p = 0; p < PODS; p++) expand_pod(s, p, usage, emit);
    for (unsigned node = 1; node <= NODES; node++) emit(s ^ State(1) << (READY_AT + node - 1));
}

static bool is_good(State s) {
    Usage usage(s);
    unsigned addresses = 0;
    for (unsigned p = 0; p < PODS; p++) {
        Pod it = pod(s, p);
        if (it.address && addresses >> it.address & 1) return false;
        addresses |= 1u << it.address;
        if (it.phase == RUNNING && (!it.address || !it.node)) return false;
    }
    for (unsigned node = 1; node <= NODES; node++)
        if (usage.on[node] > CAPACITY) return false;
    return true;
}

class Table {
   public:
    Table() { allocate(1 << 16); }

    void prefetch(State s) const { __builtin_prefetch(entries_ + place(s), 1); }

    bool insert(State s) {
        for (size_t i = place(s);; i = (i + 1) & (capacity_ - 1)) {
            State there = entries_[i].load(std::memory_order_relaxed);
            if (there == s) return false;
            if (there) continue;
            if (THREADS == 1) {
                entries_[i].store(s, std::memory_order_relaxed);
                return true;
            }
            if (entries_[i].compare_exchange_strong(there, s, std::memory_order_relaxed)) return true;
            if (there == s) return false;
        }
    }

    // Called while nobody inserts.
    void reserve(size_t states) {
        if (states * 10 <= capacity_ * 6) return;
        Entry* old = entries_;
        size_t size = capacity_, grown = capacity_;
        while (states * 10 > grown * 6) grown *= 2;
        allocate(grown);
        for (size_t i = 0; i < size; i++)
            if (State s = old[i].load(std::memory_order_relaxed)) move(s);
        munmap(static_cast<void*>(old), size * sizeof(Entry));
    }

    size_t bytes() const { return capacity_ * sizeof(Entry); }
    bool overfull(size_t states) const { return states * 10 > capacity_ * 9; }

   private:
    Entry* entries_;
    size_t capacity_;
    unsigned shift_;

    size_t place(State s) const {
        unsigned __int128 product = static_cast<unsigned __int128>(s) * 0xd6e8feb86659fd93u;
        return (static_cast<State>(product >> 64 ^ product) * 0xa0761d6478bd642fu) >> shift_;
    }

    void move(State s) {
        size_t i = place(s);
        while (entries_[i].load(std::memory_order_relaxed)) i = (i + 1) & (capacity_ - 1);
        entries_[i].store(s, std::memory_order_relaxed);
    }

    void allocate(size_t capacity) {
        size_t size = capacity * sizeof(Entry);
        void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) std::perror("mmap"), std::exit(3);
        madvise(memory, size, MADV_HUGEPAGE);
        entries_ = static_cast<Entry*>(memory);
        capacity_ = capacity;
        shift_ = 64 - __builtin_ctzll(capacity);
    }
};

struct Worker {
    std::vector<State> found;
    uint64_t transitions = 0;
    bool good = true;

    void run(Table& table, const std::vector<State>& frontier, std::atomic<size_t>& next) {
        State ring[32] = {};
        unsigned at = 0;
        auto commit = [&](State s) {
            if (!s || !table.insert(s)) return;
            good &= is_good(s);
            found.push_back(s);
        };
        for (size_t from; (from = next.fetch_add(1024)) < frontier.size();) {
            size_t to = std::min(from + 1024, frontier.size());
            for (size_t i = from; i < to; i++)
                expand(frontier[i], [&](State s) {
                    transitions++;
                    table.prefetch(s);
                    commit(std::exchange(ring[at++ & 31], s));
                });
        }
        for (State s : ring) commit(s);
    }
};

int main() {
    auto start = std::chrono::steady_clock::now();
    Table table;
    State initial = STORED | State(REPLICAS) << DESIRED_AT | ((State(1) << NODES) - 1) << READY_AT;
    std::vector<State> frontier{initial};
    table.insert(initial);
    size_t states = 1;
    uint64_t transitions = 0;
    int depth = 0;
    bool good = is_good(initial);
    for (;; depth++) {
        table.reserve(states + 2 * frontier.size() + 4096);
        std::vector<Worker> workers(frontier.size() < 4096 ? 1 : THREADS);
        std::atomic<size_t> next{0};
        std::vector<std::thread> threads;
        for (size_t w = 1; w < workers.size(); w++)
            threads.emplace_back([&, w] { workers[w].run(table, frontier, next); });
        workers[0].run(table, frontier, next);
        for (auto& thread : threads) thread.join();
        frontier.clear();
        for (Worker& worker : workers) {
            frontier.insert(frontier.end(), worker.found.begin(), worker.found.end());
            transitions += worker.transitions;
            good &= worker.good;
        }
        if (frontier.empty()) break;
        states += frontier.size();
        if (table.overfull(states)) return std::fprintf(stderr, "the table is too full\n"), 2;
    }
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf(
        "{\"states\": %zu, \"transitions\": %llu, \"depth\": %d, \"good\": %s, \"seconds\": %.4f, \"table_bytes\": %zu}\n",
        states, static_cast<unsigned long long>(transitions), depth, good ? "true" : "false", took.count(),
        table.bytes());
}
