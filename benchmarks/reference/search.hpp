// A breadth-first search of all states of one model written by hand: how fast can it be?
//
// A model is a type with
//   WORDS                   how many words of 64 bits a state has
//   initial()               the one initial state
//   expand(state, emit)     calls emit(successor) for each transition
//   is_good(state)          whether the invariants hold
// Bit 63 of word 0 is 1 in every state, so that none looks like a vacant entry.
//
// The visited set is one array of states with linear probing; successors wait in a ring while their entry is fetched.
// THREADS workers share each level. States of several words are for one worker only.

#pragma once

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

using Word = uint64_t;
constexpr Word STORED = Word(1) << 63;

template <class Model>
class Table {
   public:
    static constexpr unsigned WORDS = Model::WORDS;
    using State = std::array<Word, WORDS>;
    static_assert(WORDS == 1 || THREADS == 1, "an entry of several words cannot be swapped at once");

    Table() { allocate(1 << 16); }

    void prefetch(const State& s) const { __builtin_prefetch(entries_ + WORDS * place(s), 1); }

    bool insert(const State& s) {
        for (size_t i = place(s);; i = (i + 1) & (capacity_ - 1)) {
            Entry* entry = entries_ + WORDS * i;
            Word there = entry->load(std::memory_order_relaxed);
            if (there == s[0] && is_rest_equal(entry, s)) return false;
            if (there) continue;
            if (THREADS == 1) {
                store(entry, s);
                return true;
            }
            if (entry->compare_exchange_strong(there, s[0], std::memory_order_relaxed)) return true;
            if (there == s[0]) return false;
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
            if (old[WORDS * i].load(std::memory_order_relaxed)) move(old + WORDS * i);
        munmap(static_cast<void*>(old), size * WORDS * sizeof(Entry));
    }

    bool overfull(size_t states) const { return states * 10 > capacity_ * 9; }

   private:
    using Entry = std::atomic<Word>;

    Entry* entries_;
    size_t capacity_;
    unsigned shift_;

    static bool is_rest_equal(const Entry* entry, const State& s) {
        for (unsigned w = 1; w < WORDS; w++)
            if (entry[w].load(std::memory_order_relaxed) != s[w]) return false;
        return true;
    }

    static void store(Entry* entry, const State& s) {
        for (unsigned w = 0; w < WORDS; w++) entry[w].store(s[w], std::memory_order_relaxed);
    }

    static Word mixed(Word word) {
        unsigned __int128 product = static_cast<unsigned __int128>(word) * 0xd6e8feb86659fd93u;
        return static_cast<Word>(product >> 64 ^ product);
    }

    size_t place(const State& s) const {
        Word hash = mixed(s[0]);
        for (unsigned w = 1; w < WORDS; w++) hash = mixed(hash ^ s[w]);
        return (hash * 0xa0761d6478bd642fu) >> shift_;
    }

    void move(const Entry* from) {
        State s;
        for (unsigned w = 0; w < WORDS; w++) s[w] = from[w].load(std::memory_order_relaxed);
        size_t i = place(s);
        while (entries_[WORDS * i].load(std::memory_order_relaxed)) i = (i + 1) & (capacity_ - 1);
        store(entries_ + WORDS * i, s);
    }

    void allocate(size_t capacity) {
        size_t size = capacity * WORDS * sizeof(Entry);
        void* memory = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED) std::perror("mmap"), std::exit(3);
        madvise(memory, size, MADV_HUGEPAGE);
        entries_ = static_cast<Entry*>(memory);
        capacity_ = capacity;
        shift_ = 64 - __builtin_ctzll(capacity);
    }
};

template <class Model>
struct Worker {
    using State = typename Table<Model>::State;

    std::vector<State> found;
    uint64_t transitions = 0;
    bool good = true;

    void run(Table<Model>& table, const std::vector<State>& frontier, std::atomic<size_t>& next) {
        State ring[32] = {};
        unsigned at = 0;
        auto commit = [&](const State& s) {
            if (!s[0] || !table.insert(s)) return;
            good &= Model::is_good(s);
            found.push_back(s);
        };
        for (size_t from; (from = next.fetch_add(1024)) < frontier.size();) {
            size_t to = std::min(from + 1024, frontier.size());
            for (size_t i = from; i < to; i++)
                Model::expand(frontier[i], [&](const State& s) {
                    transitions++;
                    table.prefetch(s);
                    commit(std::exchange(ring[at++ & 31], s));
                });
        }
        for (const State& s : ring) commit(s);
    }
};

// Prints what was found, and the seconds that it took, as JSON.
template <class Model>
int search() {
    using State = typename Table<Model>::State;
    auto start = std::chrono::steady_clock::now();
    Table<Model> table;
    std::vector<State> frontier{Model::initial()};
    table.insert(frontier[0]);
    size_t states = 1;
    uint64_t transitions = 0;
    int depth = 0;
    bool good = Model::is_good(frontier[0]);
    for (;; depth++) {
        table.reserve(states + 2 * frontier.size() + 4096);
        std::vector<Worker<Model>> workers(frontier.size() < 4096 ? 1 : THREADS);
        std::atomic<size_t> next{0};
        std::vector<std::thread> threads;
        for (size_t w = 1; w < workers.size(); w++)
            threads.emplace_back([&, w] { workers[w].run(table, frontier, next); });
        workers[0].run(table, frontier, next);
        for (auto& thread : threads) thread.join();
        frontier.clear();
        for (Worker<Model>& worker : workers) {
            frontier.insert(frontier.end(), worker.found.begin(), worker.found.end());
            transitions += worker.transitions;
            good &= worker.good;
        }
        if (frontier.empty()) break;
        states += frontier.size();
        if (table.overfull(states)) return std::fprintf(stderr, "the table is too full\n"), 2;
    }
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    std::printf("{\"states\": %zu, \"transitions\": %llu, \"depth\": %d, \"good\": %s, \"seconds\": %.4f}\n", states,
                static_cast<unsigned long long>(transitions), depth, good ? "true" : "false", took.count());
    return 0;
}
