package fr.relais.views;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * A call that those share who want it at the same time: whoever comes first makes it for all that wait by then. It takes no thread, no timer and
 * no delay of its own, and a single caller waits for nobody. What is answered was always found out after the question was asked.
 *
 * <p>Safe for use by many threads.
 *
 * @param <Q> what a caller brings
 * @param <A> what the caller gets
 */
final class SharedCall<Q, A> {

    private final int most;
    private final ToIntFunction<Q> size;
    private final Function<List<Q>, List<A>> call;
    private final ConcurrentLinkedQueue<Waiting<Q, A>> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock calling = new ReentrantLock();

    private static final class Waiting<Q, A> {

        private final Thread thread = Thread.currentThread();
        private final Q question;
        private A answer;
        private RuntimeException failure;
        private volatile boolean done;

        Waiting(Q question) {
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
     * @param most the largest sum of sizes in one call, but for a caller who brings more
     * @param call answers each, in their order; made by one thread at a time
     */
    SharedCall(int most, ToIntFunction<Q> size, Function<List<Q>, List<A>> call) {
        this.most = most;
        this.size = size;
        this.call = call;
    }

    /** @throws RuntimeException what the call threw, to all that share it */
    A of(Q question) {
        Waiting<Q, A> own = new Waiting<>(question);
        queue.add(own);
        boolean interrupted = false;
        while (!own.done) {
            if (calling.tryLock()) {
                try {
                    if (!own.done) {
                        callNext();
                    }
                } finally {
                    calling.unlock();
                    // Whoever came meanwhile found the lock taken, and waits for this.
                    Waiting<Q, A> next = queue.peek();
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

    private void callNext() {
        List<Waiting<Q, A>> batch = new ArrayList<>();
        int sum = 0;
        Waiting<Q, A> next = queue.peek();
        while (next != null && (batch.isEmpty() || sum + size.applyAsInt(next.question) <= most)) {
            batch.add(queue.poll());
            sum += size.applyAsInt(next.question);
            next = queue.peek();
        }
        try {
            List<A> answers =
                    call.apply(batch.stream().map(waiting -> waiting.question).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).succeed(answers.get(i));
            }
        } catch (RuntimeException e) {
            batch.forEach(waiting -> waiting.fail(e));
        } catch (Error e) {
            batch.forEach(waiting -> waiting.fail(new IllegalStateException("the call that was shared failed", e)));
            throw e;
        }
    }
}
