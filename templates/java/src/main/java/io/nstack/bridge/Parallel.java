package io.nstack.bridge;

import java.util.concurrent.CountDownLatch;

/** Runs the messages of a block at once, each on a virtual thread. */
final class Parallel {
    interface Task {
        void run(int index) throws Throwable;
    }

    /** Returns when all have ended: what each threw, null where it threw nothing. */
    Throwable[] run(int count, Task task) {
        Throwable[] errors = new Throwable[count];
        CountDownLatch running = new CountDownLatch(count);
        for (int place = 0; place < count; place++) {
            int index = place;
            Thread.startVirtualThread(
                    () -> {
                        try {
                            task.run(index);
                        } catch (Throwable error) {
                            errors[index] = error;
                        } finally {
                            running.countDown();
                        }
                    });
        }
        boolean interrupted = false;
        while (true) {
            try {
                running.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) Thread.currentThread().interrupt();
        return errors;
    }
}
