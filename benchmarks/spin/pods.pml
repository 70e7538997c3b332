/* models/pods.kspec for Spin: one d_step for each action and each value of its parameters, so that Spin stores the
 * same states, and counts the same transitions, as every other checker.
 *
 *   spin -a -DPODS=4 -DNODES=2 -DREPLICAS=3 -DCAPACITY=2 pods.pml
 *   gcc -O2 -DSAFETY -DBFS -DNOREDUCE pan.c -o pan && ./pan -w23
 *
 * The preprocessor unrolls parameters: a loop within a d_step cannot choose, and a choice outside of one is a step
 * of its own. Nodes and addresses count from 1; 0 is none. There are as many addresses as pods.
 */

#if PODS > 6 || NODES > 3 || REPLICAS > 7
#error "EACH_... goes up to 6 pods, 3 nodes and 7 replicas"
#endif

#define PASTE_TOKENS(a, b) a##b
#define PASTE(a, b) PASTE_TOKENS(a, b)

/* `step` for each pod, counting from 0. */
#define EACH_POD_1(step) step(0)
#define EACH_POD_2(step) EACH_POD_1(step) step(1)
#define EACH_POD_3(step) EACH_POD_2(step) step(2)
#define EACH_POD_4(step) EACH_POD_3(step) step(3)
#define EACH_POD_5(step) EACH_POD_4(step) step(4)
#define EACH_POD_6(step) EACH_POD_5(step) step(5)
#define EACH_POD(step) PASTE(EACH_POD_, PODS)(step)

/* `step` for a pod and each address. */
#define EACH_ADDRESS_1(step, p) step(p, 1)
#define EACH_ADDRESS_2(step, p) EACH_ADDRESS_1(step, p) step(p, 2)
#define EACH_ADDRESS_3(step, p) EACH_ADDRESS_2(step, p) step(p, 3)
#define EACH_ADDRESS_4(step, p) EACH_ADDRESS_3(step, p) step(p, 4)
#define EACH_ADDRESS_5(step, p) EACH_ADDRESS_4(step, p) step(p, 5)
#define EACH_ADDRESS_6(step, p) EACH_ADDRESS_5(step, p) step(p, 6)
#define EACH_ADDRESS(step, p) PASTE(EACH_ADDRESS_, PODS)(step, p)

/* `step` for each node, perhaps together with a pod. */
#define EACH_NODE_1(step, p) step(p, 1)
#define EACH_NODE_2(step, p) EACH_NODE_1(step, p) step(p, 2)
#define EACH_NODE_3(step, p) EACH_NODE_2(step, p) step(p, 3)
#define EACH_NODE(step, p) PASTE(EACH_NODE_, NODES)(step, p)

#define EACH_NUMBER_1(step) step(0) step(1)
#define EACH_NUMBER_2(step) EACH_NUMBER_1(step) step(2)
#define EACH_NUMBER_3(step) EACH_NUMBER_2(step) step(3)
#define EACH_NUMBER_4(step) EACH_NUMBER_3(step) step(4)
#define EACH_NUMBER_5(step) EACH_NUMBER_4(step) step(5)
#define EACH_NUMBER_6(step) EACH_NUMBER_5(step) step(6)
#define EACH_NUMBER_7(step) EACH_NUMBER_6(step) step(7)
#define EACH_NUMBER(step) PASTE(EACH_NUMBER_, REPLICAS)(step)

/* How many pods have `that`. */
#define COUNT_1(that, x) that(0, x)
#define COUNT_2(that, x) COUNT_1(that, x) + that(1, x)
#define COUNT_3(that, x) COUNT_2(that, x) + that(2, x)
#define COUNT_4(that, x) COUNT_3(that, x) + that(3, x)
#define COUNT_5(that, x) COUNT_4(that, x) + that(4, x)
#define COUNT_6(that, x) COUNT_5(that, x) + that(5, x)
#define COUNT(that, x) (PASTE(COUNT_, PODS)(that, x))

/* `that` of all nodes, and of all addresses. A macro cannot be used within itself, so these are not EACH_... */
#define ALL_NODES_1(that) that(1)
#define ALL_NODES_2(that) ALL_NODES_1(that) && that(2)
#define ALL_NODES_3(that) ALL_NODES_2(that) && that(3)
#define ALL_NODES(that) (PASTE(ALL_NODES_, NODES)(that))
#define ALL_ADDRESSES_1(that) that(1)
#define ALL_ADDRESSES_2(that) ALL_ADDRESSES_1(that) && that(2)
#define ALL_ADDRESSES_3(that) ALL_ADDRESSES_2(that) && that(3)
#define ALL_ADDRESSES_4(that) ALL_ADDRESSES_3(that) && that(4)
#define ALL_ADDRESSES_5(that) ALL_ADDRESSES_4(that) && that(5)
#define ALL_ADDRESSES_6(that) ALL_ADDRESSES_5(that) && that(6)
#define ALL_ADDRESSES(that) (PASTE(ALL_ADDRESSES_, PODS)(that))

#define ABSENT 0
#define PENDING 1
#define BOUND 2
#define RUNNING 3
#define FAILED 4
#define TERMINATING 5

typedef Pod {
    byte phase;
    byte node;
    byte address
}

Pod pods[PODS];
bool ready[NODES + 1] = true;   /* ready[0] is for pods without a node, and stays true */
byte desired = REPLICAS;

#define IS_LIVE(p, x) (pods[p].phase >= PENDING && pods[p].phase <= RUNNING)
#define IS_ON(p, n) (pods[p].node == n)
#define HAS(p, a) (pods[p].address == a)
#define IS_RUNNING_NOWHERE(p, x) (pods[p].phase == RUNNING && (pods[p].node == 0 || pods[p].address == 0))
#define PRESENT COUNT(IS_LIVE, 0)
#define USED(n) COUNT(IS_ON, n)

#define CLEAR(p) pods[p].phase = ABSENT; pods[p].node = 0; pods[p].address = 0

/* The three invariants. */
#define HAS_ROOM(n) USED(n) <= CAPACITY
#define IS_UNIQUE(a) COUNT(HAS, a) <= 1
#define CHECK assert(COUNT(IS_RUNNING_NOWHERE, 0) == 0 && ALL_NODES(HAS_ROOM) && ALL_ADDRESSES(IS_UNIQUE))

#define CREATE(p) :: d_step { pods[p].phase == ABSENT && PRESENT < desired; pods[p].phase = PENDING; CHECK }
#define DELETE(p) :: d_step { IS_LIVE(p, 0) && PRESENT > desired; pods[p].phase = TERMINATING; CHECK }
#define GC(p) :: d_step { pods[p].phase == FAILED; CLEAR(p); CHECK }
#define FAIL(p) :: d_step { pods[p].phase == RUNNING; pods[p].phase = FAILED; CHECK }
#define FINISH(p) :: d_step { pods[p].phase == TERMINATING && ready[pods[p].node]; CLEAR(p); CHECK }
#define EVICT(p) \
    :: d_step { \
        (pods[p].phase == BOUND || pods[p].phase == RUNNING) && !ready[pods[p].node]; \
        pods[p].phase = FAILED; CHECK \
    }

#define BIND_TO(p, n) \
    :: d_step { \
        pods[p].phase == PENDING && ready[n] && USED(n) < CAPACITY; \
        pods[p].phase = BOUND; pods[p].node = n; CHECK \
    }
#define BIND(p) EACH_NODE(BIND_TO, p)

#define START_WITH(p, a) \
    :: d_step { \
        pods[p].phase == BOUND && ready[pods[p].node] && COUNT(HAS, a) == 0; \
        pods[p].phase = RUNNING; pods[p].address = a; CHECK \
    }
#define START(p) EACH_ADDRESS(START_WITH, p)

#define SCALE(to) :: d_step { desired != to; desired = to; CHECK }
#define DOWN(p, n) :: d_step { ready[n]; ready[n] = false; CHECK }
#define UP(p, n) :: d_step { !ready[n]; ready[n] = true; CHECK }

active proctype cluster() {
    do
    EACH_POD(CREATE)
    EACH_POD(DELETE)
    EACH_POD(GC)
    EACH_POD(BIND)
    EACH_POD(START)
    EACH_POD(FAIL)
    EACH_POD(FINISH)
    EACH_POD(EVICT)
    EACH_NUMBER(SCALE)
    EACH_NODE(DOWN, 0)
    EACH_NODE(UP, 0)
    od
}
