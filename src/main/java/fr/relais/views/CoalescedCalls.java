package fr.relais.views;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.springframework.dao.QueryTimeoutException;

/**
 * Coalesces concurrent calls: the first caller runs one batch for all waiting callers. No extra thread, timer or delay
 * is involved, and a single caller does not wait. The batch that answers a caller always starts after that caller
 * arrived. The wait of a caller is limited, so that callers do not pile up behind a batch that hangs.
 *
 * <p>Thread-safe.
 *
 * @param <R> a caller's request
 * @param <A> the answer to a request
 */
final class CoalescedCalls<R, A> {

    private final int maxBatchSize;
    private final long maxWait;
    private final ToIntFunction<R> size;
    private final Function<List<R>, List<A>> task;
    private final ConcurrentLinkedQueue<Caller<R, A>> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock();

    private static final class Caller<R, A> {

        private final Thread thread = Thread.currentThread();
        private final R request;
        private A answer;
        private RuntimeException failure;
        private volatile boolean done;

        Caller(R request) {
            this.request = request;
        }

        void succeed(A answer) {
            this.answer = answer;
            end();
        }

        void fail(RuntimeException failure) {
            this.failure = failure;
            end();
        }

        private void end() {
            done = true;
            LockSupport.unpark(thread);
        }
    }

    /**
     * @param maxBatchSize the maximum sum of the sizes of the requests in one batch; a larger request is a batch of its
     *     own
     * @param maxWait how long a caller waits for the batches of others
     * @param size returns the size of a request
     * @param task answers the requests of a batch, in their order; only one thread runs it at a time
     */
    CoalescedCalls(int maxBatchSize, Duration maxWait, ToIntFunction<R> size, Function<List<R>, List<A>> task) {
        this.maxBatchSize = maxBatchSize;
        this.maxWait = maxWait.toNanos();
        this.size = size;
        this.task = task;
    }

    /**
     * Returns the answer to a request.
     *
     * @throws QueryTimeoutException when the caller has waited too long; a batch may still contain the request
     * @throws RuntimeException when the task failed; all callers of the batch get the same failure
     */
    A call(R request) {
        Caller<R, A> own = new Caller<>(request);
        queue.add(own);
        long start = System.nanoTime();
        boolean interrupted = false;
        while (!own.done) {
            long remaining = start + maxWait - System.nanoTime();
            if (remaining <= 0) {
                queue.remove(own);
                own.fail(new QueryTimeoutException("the call has waited too long for earlier calls"));
                wakeNext();
            } else if (lock.tryLock()) {
                try {
                    if (!own.done) {
                        runBatch();
                    }
                } finally {
                    lock.unlock();
                    // A caller that arrived in the meantime found the lock taken and may be parked.
                    wakeNext();
                }
            } else {
                LockSupport.parkNanos(this, remaining);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (own.failure != null) {
            throw own.failure;
        }
        return own.answer;
    }

    private void wakeNext() {
        Caller<R, A> next = queue.peek();
        if (next != null) {
            LockSupport.unpark(next.thread);
        }
    }

    private void runBatch() {
        List<Caller<R, A>> batch = new ArrayList<>();
        int sum = 0;
        Caller<R, A> next = queue.peek();
        while (next != null && (batch.isEmpty() || sum + size.applyAsInt(next.request) <= maxBatchSize)) {
            // A caller that has waited too long removes itself, so another one may be the first by now.
            if (queue.remove(next)) {
                batch.add(next);
                sum += size.applyAsInt(next.request);
            }
            next = queue.peek();
        }
        try {
            List<A> answers =
                    task.apply(batch.stream().map(caller -> caller.request).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).succeed(answers.get(i));
            }
        } catch (RuntimeException e) {
            batch.forEach(caller -> caller.fail(e));
        } catch (Error e) {
            batch.forEach(caller -> caller.fail(new IllegalStateException("the coalesced call failed", e)));
            throw e;
        }
    }
}
