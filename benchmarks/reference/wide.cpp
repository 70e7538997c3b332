// benchmarks/models/wide.kspec, written by hand.
//
//   g++ -O3 -march=native -pthread -DPODS=4 -DEDITS=6 -DTHREADS=1 wide.cpp
//
// Word 0 has the version of the ConfigMap, and each pod has a word: what it fetched (low half) and applied (high half).

#include "search.hpp"

constexpr Word STRIDE = 7001, VERSION = 0xffffffff;

struct Wide {
    static constexpr unsigned WORDS = 1 + PODS;
    using State = std::array<Word, WORDS>;

    static State initial() { return {STORED}; }

    template <class Emit>
    static void expand(const State& s, Emit&& emit) {
        Word version = s[0] & VERSION;
        if (version < EDITS * STRIDE) emit(changed(s, 0, s[0] + STRIDE));
        for (unsigned p = 1; p <= PODS; p++) {
            Word fetched = s[p] & VERSION, applied = s[p] >> 32;
            if (fetched != version) emit(changed(s, p, version | applied << 32));
            if (applied != fetched) emit(changed(s, p, fetched | fetched << 32));
        }
    }

    static bool is_good(const State& s) {
        for (unsigned p = 1; p <= PODS; p++)
            if (s[p] >> 32 > (s[p] & VERSION) || (s[p] & VERSION) > (s[0] & VERSION)) return false;
        return true;
    }

   private:
    static State changed(State s, unsigned at, Word to) {
        s[at] = to;
        return s;
    }
};

int main() { return search<Wide>(); }
