/* GHC takes the largest size of the heap from the command line alone, which here is not the user's to write. */
#include "Rts.h"

void nstack_limit_heap(uint64_t bytes) {
  RtsFlags.GcFlags.maxHeapSize = bytes / BLOCK_SIZE;
}
