package fr.relais.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.EmbeddedDatabase;
import fr.relais.Mirror;
import fr.relais.Website;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rate of offer pages, compared with that of a static file from the same server. Each page is read from MariaDB and
 * its view committed. The clients run in this process, too, on connections that stay open.
 */
class PagesBenchmark {

    private static final int OFFERS = Integer.getInteger("pages.offers", 100_000);
    private static final int CLIENTS = Integer.getInteger("pages.clients", 16);
    private static final int ROUNDS = 5;
    private static final Duration WARM_UP = Duration.ofSeconds(100);
    private static final Duration TIME = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    @Test
    void compares_offer_pages_with_a_static_file() throws Exception {
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                // Keeps all offers in memory, as a dedicated database server would.
                EmbeddedDatabase database = EmbeddedDatabase.start(folder, "--innodb-buffer-pool-size=1G");
                Mirror mirror =
                        Mirror.of(source, database.schema("pages"), "root").start()) {
            new OfferGenerator(1).fill(source.base(), OFFERS, Instant.now(), Duration.ofDays(60), "1");
            assertThat(mirror.sweep().created()).isEqualTo(OFFERS);
            List<String> ids = List.copyOf(source.base().ids());
            try (Website website = Website.of(mirror, source)
                    .with("relais.display.xiti-tag", "at_offer={id}")
                    .with("server.tomcat.max-keep-alive-requests", "-1")
                    .with("relais.budget.requests-per-minute", "1000000")
                    .with("relais.budget.offers", "1000000")
                    .with("relais.budget.unopened", "1000000")
                    .start()) {
                URI address = URI.create(website.address());
                AtomicLong requested = new AtomicLong();
                Function<Random, String> offer = random -> {
                    requested.incrementAndGet();
                    return "/offres/" + ids.get(random.nextInt(ids.size()));
                };
                Function<Random, String> file = random -> "/relais.css";
                Function<Random, String> home = random -> "/";
                run(address, home, WARM_UP.dividedBy(5));
                run(address, file, WARM_UP.dividedBy(5));
                run(address, offer, WARM_UP);

                // Pages and files take turns, because the speed of a shared machine varies.
                for (int round = 1; round <= ROUNDS; round++) {
                    Rate pages = run(address, offer, TIME);
                    Rate files = run(address, file, TIME);
                    System.out.printf(
                            "Offer pages %s; a static file %s; ratio %.3f%n",
                            pages, files, pages.perSecond() / files.perSecond());
                }
                System.out.println("The home page " + run(address, home, TIME));
                System.out.println("Offer pages, one client: " + run(address, offer, TIME, 1));
                assertThat(mirror.jdbc
                                .sql("select sum(views) from view_count")
                                .query(Long.class)
                                .single())
                        .as("each page view was counted")
                        .isEqualTo(requested.get());
            }
        }
    }

    private static Rate run(URI address, Function<Random, String> paths, Duration time) throws Exception {
        return run(address, paths, time, CLIENTS);
    }

    private static Rate run(URI address, Function<Random, String> paths, Duration time, int clients) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long start = System.nanoTime();
            Callable<long[]> client = () -> call(address, paths, start + time.toNanos());
            List<Future<long[]>> all = threads.invokeAll(
                    IntStream.range(0, clients).mapToObj(i -> client).toList());
            double seconds = (System.nanoTime() - start) / 1e9;
            LongStream.Builder latencies = LongStream.builder();
            for (Future<long[]> one : all) {
                Arrays.stream(one.get()).forEach(latencies);
            }
            return Rate.of(latencies.build(), seconds);
        } finally {
            threads.shutdown();
        }
    }

    /** Sends requests until {@code end}, and returns the latency of each in nanoseconds. */
    private static long[] call(URI address, Function<Random, String> paths, long end) throws IOException {
        Random random = new Random();
        LongStream.Builder latencies = LongStream.builder();
        try (Socket socket = new Socket(address.getHost(), address.getPort());
                InputStream in = new BufferedInputStream(socket.getInputStream(), 32_768)) {
            socket.setTcpNoDelay(true);
            for (long now = System.nanoTime(); now < end; now = System.nanoTime()) {
                String request = "GET " + paths.apply(random) + " HTTP/1.1\r\nHost: " + address.getAuthority()
                        + "\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
                        + "\r\nAccept: text/html,*/*;q=0.8\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                read(in);
                latencies.add(System.nanoTime() - now);
            }
        }
        return latencies.build().toArray();
    }

    /** Reads a response and discards its body. */
    private static void read(InputStream in) throws IOException {
        String status = line(in);
        if (!status.startsWith("HTTP/1.1 200")) {
            throw new IOException("the server answered " + status);
        }
        int length = -1;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        if (length >= 0) {
            in.skipNBytes(length);
            return;
        }
        int chunk;
        do {
            chunk = Integer.parseInt(line(in), 16);
            in.skipNBytes(chunk);
            line(in);
        } while (chunk > 0);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder(64);
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }
}
