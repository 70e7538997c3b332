// benchmarks/models/maps.kspec, written by hand.
//
//   g++ -O3 -march=native -pthread -DPODS=5 -DNODES=2 -DTHREADS=1 maps.cpp
//
// A state is one word of groups of one bit a pod: who is ready, who ever was, what the EndpointSlice says, and what the
// proxy of each node believes.

#include "search.hpp"

static_assert((NODES + 3) * PODS <= 63, "a state must fit into one word");

using State = std::array<Word, 1>;

enum Group : unsigned { READY, STARTED, SLICE, ROUTES };

struct Maps {
    static constexpr unsigned WORDS = 1;

    static State initial() { return {STORED}; }

    template <class Emit>
    static void expand(const State& state, Emit&& emit) {
        Word s = state[0];
        for (unsigned p = 0; p < PODS; p++) {
            emit(State{has(s, READY, p) ? s & ~bit(READY, p) : s | bit(READY, p) | bit(STARTED, p)});
            if (has(s, SLICE, p) != has(s, READY, p)) emit(State{s ^ bit(SLICE, p)});
            for (unsigned node = 0; node < NODES; node++)
                if (has(s, ROUTES + node, p) != has(s, SLICE, p)) emit(State{s ^ bit(ROUTES + node, p)});
        }
    }

    static bool is_good(const State& state) {
        Word s = state[0];
        for (unsigned p = 0; p < PODS; p++) {
            if (has(s, STARTED, p)) continue;
            for (unsigned group = SLICE; group < ROUTES + NODES; group++)
                if (has(s, group, p)) return false;
        }
        return true;
    }

   private:
    static Word bit(unsigned group, unsigned p) { return Word(1) << (group * PODS + p); }
    static bool has(Word s, unsigned group, unsigned p) { return s & bit(group, p); }
};

int main() { return search<Maps>(); }
