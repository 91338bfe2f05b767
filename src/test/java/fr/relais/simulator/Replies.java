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

/** Replies that arrive slowly, partly or not at all. A waiting reply occupies no thread. */
final class Replies {

    private static final int DRIPS = 10;
    private static final int BLOCK = 64 * 1024;

    private static final Executor THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "source-simulator-replies");
        thread.setDaemon(true);
        return thread;
    });

    private Replies() {}

    /** Returns a reply that sends nothing and drops the connection after a time. */
    static Reply hanging(Duration time) {
        return exchange -> after(time, exchange::close);
    }

    /** Returns a reply that sends an answer in small parts, the last part after the given time. */
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

    /** Returns a reply that sends the first half of the answer's body and then drops the connection. */
    static Reply dropped(Answer answer) {
        byte[] body = answer.bytes();
        return exchange -> {
            answer.sendHeaders(exchange, body.length);
            exchange.getResponseBody().write(body, 0, body.length / 2);
            exchange.getResponseBody().flush();
            throw new IOException("connection dropped on purpose in the middle of the body");
        };
    }

    /**
     * Returns a reply that sends an answer and continues its body with white space until the connection is dropped.
     *
     * @param maxBytes the maximum number of bytes to send
     */
    static Reply endless(Answer answer, int maxBytes) {
        byte[] start = answer.bytes();
        byte[] block = new byte[BLOCK];
        Arrays.fill(block, (byte) ' ');
        return exchange -> {
            answer.sendHeaders(exchange, 0);
            // The stream is not closed, because that would end the body.
            OutputStream out = exchange.getResponseBody();
            out.write(start);
            for (int sent = start.length; sent + BLOCK <= maxBytes; sent += BLOCK) {
                out.write(block);
            }
            throw new IOException("connection dropped on purpose at the size limit");
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

    /** Drops the connection when sending fails. The JDK's server does so by itself only on its own threads. */
    private static void orDrop(HttpExchange exchange, Sending sending) {
        try {
            sending.run();
        } catch (IOException e) {
            exchange.close();
        }
    }
}
