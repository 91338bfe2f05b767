package fr.relais.views;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Coalesces concurrent calls: the first caller runs one batch for all waiting callers. There is no thread, no timer
 * and no delay, and a single caller does not wait. The batch that answers a caller always starts after the caller
 * arrived.
 *
 * <p>Safe for use by many threads.
 *
 * @param <Q> the request of a caller
 * @param <A> the answer to a caller
 */
final class CoalescedCalls<Q, A> {

    private final int largest;
    private final ToIntFunction<Q> size;
    private final Function<List<Q>, List<A>> call;
    private final ConcurrentLinkedQueue<Caller<Q, A>> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock calling = new ReentrantLock();

    private static final class Caller<Q, A> {

        private final Thread thread = Thread.currentThread();
        private final Q question;
        private A answer;
        private RuntimeException failure;
        private volatile boolean done;

        Caller(Q question) {
            this.question = question;
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
     * @param largest the largest sum of sizes in one batch, unless a single caller brings more
     * @param call answers a batch, in its order; one thread at a time runs it
     */
    CoalescedCalls(int largest, ToIntFunction<Q> size, Function<List<Q>, List<A>> call) {
        this.largest = largest;
        this.size = size;
        this.call = call;
    }

    /** @throws RuntimeException what the call threw, to all callers of the batch */
    A of(Q question) {
        Caller<Q, A> own = new Caller<>(question);
        queue.add(own);
        boolean interrupted = false;
        while (!own.done) {
            if (calling.tryLock()) {
                try {
                    if (!own.done) {
                        runBatch();
                    }
                } finally {
                    calling.unlock();
                    // A caller that came meanwhile found the lock taken, and is parked.
                    Caller<Q, A> next = queue.peek();
                    if (next != null) {
                        LockSupport.unpark(next.thread);
                    }
                }
            } else {
                LockSupport.park(this);
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

    private void runBatch() {
        List<Caller<Q, A>> batch = new ArrayList<>();
        int sum = 0;
        Caller<Q, A> next = queue.peek();
        while (next != null && (batch.isEmpty() || sum + size.applyAsInt(next.question) <= largest)) {
            batch.add(queue.poll());
            sum += size.applyAsInt(next.question);
            next = queue.peek();
        }
        try {
            List<A> answers =
                    call.apply(batch.stream().map(caller -> caller.question).toList());
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
