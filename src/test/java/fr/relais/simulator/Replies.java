package fr.relais.simulator;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Replies that come slowly, in part or not at all. While one waits, it keeps no thread busy. */
final class Replies {

    private static final int DRIPS = 10;
    private static final int BLOCK = 64 * 1024;

    private static final Executor THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "source-simulator-replies");
        thread.setDaemon(true);
        return thread;
    });

    private Replies() {}

    /** Nothing; after a time the connection is dropped. */
    static Reply held(Duration time) {
        return exchange -> after(time, exchange::close);
    }

    /** An answer in small parts, the last of them after a time. */
    static Reply dripped(Answer answer, Duration time) {
        byte[] body = answer.bytes();
        if (body.length == 0) {
            return exchange -> after(time, () -> orDrop(exchange, () -> answer.sendTo(exchange)));
        }
        Duration pause = time.dividedBy(DRIPS);
        return exchange -> {
            answer.sendHeaders(exchange, body.length);
            exchange.getResponseBody().flush();
            after(pause, () -> drip(exchange, body, 1, pause));
        };
    }

    /** The first half of an answer's body, then the connection is dropped. */
    static Reply dropped(Answer answer) {
        byte[] body = answer.bytes();
        return exchange -> {
            answer.sendHeaders(exchange, body.length);
            exchange.getResponseBody().write(body, 0, body.length / 2);
            exchange.getResponseBody().flush();
            throw new IOException("dropped in mid-body");
        };
    }

    /** An answer whose body goes on with white space; after some bytes the connection is dropped. */
    static Reply endless(Answer answer, int most) {
        byte[] start = answer.bytes();
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) ' ');
        return exchange -> {
            answer.sendHeaders(exchange, 0);
            // Not closed: that would end the body.
            OutputStream out = exchange.getResponseBody();
            out.write(start);
            for (int sent = start.length; sent + BLOCK <= most; sent += BLOCK) {
                out.write(block);
            }
            throw new IOException("dropped at its bound");
        };
    }

    private static void drip(HttpExchange exchange, byte[] body, int number, Duration pause) {
        orDrop(exchange, () -> {
            int from = (int) ((long) body.length * (number - 1) / DRIPS);
            int to = (int) ((long) body.length * number / DRIPS);
            OutputStream out = exchange.getResponseBody();
            out.write(body, from, to - from);
            out.flush();
            if (number < DRIPS) {
                after(pause, () -> drip(exchange, body, number + 1, pause));
            } else {
                out.close();
            }
        });
    }

    private static void after(Duration time, Runnable work) {
        CompletableFuture.delayedExecutor(time.toMillis(), TimeUnit.MILLISECONDS, THREADS)
                .execute(work);
    }

    private interface Sending {
        void run() throws IOException;
    }

    /** The JDK's server drops the connection of a failed reply, but only on a thread of its own. */
    private static void orDrop(HttpExchange exchange, Sending sending) {
        try {
            sending.run();
        } catch (IOException e) {
            exchange.close();
        }
    }
}
