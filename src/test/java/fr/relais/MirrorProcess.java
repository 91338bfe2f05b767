package fr.relais;

import fr.relais.CrashPoints.Moment;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepSummary;
import fr.relais.views.View;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A pipeline in a process of its own, which a signal kills or stops at a given point of its work. */
final class MirrorProcess implements AutoCloseable {

    /** The database account of these processes. */
    static final String USER = "crashed";

    /** The exit code of a process that was ended by SIGKILL. */
    static final int KILLED = 128 + 9;

    private static final ClassArchive ARCHIVE = new ClassArchive("pipeline");
    private static volatile String classPath;

    private final Process process;
    private final Path output;

    /**
     * The point at which a process sends a signal to itself.
     *
     * @param signal KILL or STOP
     * @param occurrence which occurrence of the point; 1 is the first
     */
    record Crash(String signal, Moment moment, int occurrence, String point) {

        /** No crash: the process ends by itself. */
        static final Crash NONE = new Crash("", Moment.BEFORE, 0, "");
    }

    /** Views of offers that the mirror does not have. */
    static final List<View> VIEWS = IntStream.range(0, 10)
            .mapToObj(i -> new View("offer" + i % 3, Instant.now(), "key" + i, null))
            .toList();

    /** The work that the process does once the pipeline runs. */
    enum Work {
        NOTHING,
        SWEEP,
        WATCH,
        APPROVE,
        REFUSE,
        PROBE,
        COUNT,
        REPORT,
        PUBLISH,
        WIPE,
        DELIVER,
        /** Sweeps and delivers events until the process is killed. */
        FOLLOW;

        /**
         * Does the work. Returns the state of the sweep, or null when another process is sweeping; otherwise any word.
         */
        String runOn(Mirror mirror) {
            switch (this) {
                case NOTHING:
                    return "started";
                case SWEEP:
                    return state(mirror.sweep());
                case WATCH:
                    mirror.watch();
                    return "watched";
                case APPROVE:
                    return state(mirror.approve(lastSweep(mirror)));
                case REFUSE:
                    return state(mirror.relais().refuseRemovals(lastSweep(mirror), null));
                case COUNT:
                    mirror.relais().views().count(VIEWS);
                    mirror.relais().views().count(List.of(View.shown("shown", Instant.now(), null)));
                    mirror.relais().views().deleteOldKeys();
                    mirror.relais().views().deleteOldDays();
                    return "counted";
                case REPORT:
                    mirror.camel().createProducerTemplate().requestBody("direct:relais-report", (Object) null);
                    return "reported";
                case PUBLISH:
                    mirror.publish();
                    return "published";
                case WIPE:
                    wipe(mirror);
                    return "wiped";
                case DELIVER:
                    mirror.deliverEvents();
                    return "delivered";
                case FOLLOW:
                    mirror.startTrigger("relais-events-by-timer");
                    while (true) {
                        mirror.sweep();
                    }
                default:
                    mirror.relais().account().allowProbe();
                    mirror.camel().createProducerTemplate().requestBody("direct:relais-check-source", (Object) null);
                    return "accepted";
            }
        }

        private static void wipe(Mirror mirror) {
            try {
                mirror.relais().wipe().run("a person", step -> {});
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private static long lastSweep(Mirror mirror) {
            return mirror.jdbc
                    .sql("select max(id) from sweep")
                    .query(Long.class)
                    .single();
        }

        private static String state(SweepSummary summary) {
            return summary == null ? null : summary.state().toString();
        }
    }

    private MirrorProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a process with the database and the settings of the mirror {@code like}. */
    static MirrorProcess start(Mirror like, Crash crash, Work work) {
        return start(ARCHIVE.options(MirrorProcess::train), like, crash, work);
    }

    /** Runs a sweep, which loads nearly all classes that the pipeline ever needs. */
    private static void train(List<String> javaOptions) throws Exception {
        classPath = ClassArchive.classPath();
        try (SourceSimulator source = SourceSimulator.start(SimulatorOptions.defaults());
                Mirror mirror = Mirror.of(source)) {
            new OfferGenerator(1).fill(source.base(), 20, Instant.now(), Duration.ofDays(60), "1");
            MirrorProcess process = start(javaOptions, mirror, Crash.NONE, Work.SWEEP);
            if (process.awaitEnd() != 0) {
                throw new IllegalStateException(process.output());
            }
        }
    }

    private static MirrorProcess start(List<String> javaOptions, Mirror like, Crash crash, Work work) {
        // Another test may have turned on the server's access control.
        EmbeddedDatabase.shared().account(USER, "");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                // The process lives for seconds, so a fast start matters most.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC"));
        command.addAll(javaOptions);
        command.addAll(List.of(
                "-cp",
                classPath,
                MirrorProcess.class.getName(),
                like.dataSource.getJdbcUrl(),
                work.name(),
                crash.signal(),
                crash.moment().name(),
                Integer.toString(crash.occurrence()),
                crash.point()));
        like.settings().forEach((setting, value) -> command.add(setting + "=" + value));
        try {
            Path output =
                    Files.createTempFile(Files.createDirectories(Path.of("target", "crashes")), "process", ".log");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new MirrorProcess(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the process ends, and returns its exit code. */
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("the process has not ended within 120 seconds: " + output());
        }
        return process.exitValue();
    }

    /** Sends a signal to the process. With CONT, also sends the line that {@link #awaitContinue} waits for. */
    void signal(String signal) {
        signal(signal, process.pid());
        if (signal.equals("CONT")) {
            try {
                process.getOutputStream().write('\n');
                process.getOutputStream().flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    boolean isStopped() {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"))
                    .contains(") T ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the output of the process; its last line is the result of the work. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static void signal(String signal, long pid) {
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + pid)
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void main(String[] arguments) {
        Map<String, String> settings = new HashMap<>();
        for (String argument : List.of(arguments).subList(6, arguments.length)) {
            String[] setting = argument.split("=", 2);
            settings.put(setting[0], setting[1]);
        }
        Crash crash =
                new Crash(arguments[2], Moment.valueOf(arguments[3]), Integer.parseInt(arguments[4]), arguments[5]);
        AtomicInteger occurrences = new AtomicInteger();
        CrashPoints points = new CrashPoints((moment, point) -> {
            if (moment == crash.moment()
                    && point.equals(crash.point())
                    && occurrences.incrementAndGet() == crash.occurrence()) {
                System.out.println(crash);
                crash(crash.signal());
            }
        });
        int status = 0;
        try {
            Mirror mirror =
                    Mirror.like(settings, arguments[0], USER).watchedBy(points).start();
            System.out.println(Work.valueOf(arguments[1]).runOn(mirror));
        } catch (Exception e) {
            e.printStackTrace(System.out);
            status = 1;
        }
        // Ends without closing Camel or the connections to the database.
        Runtime.getRuntime().halt(status);
    }

    private static void crash(String signal) {
        signal(signal, ProcessHandle.current().pid());
        if (signal.equals("KILL")) {
            awaitDeath();
        } else {
            // The signal takes a while to arrive. Until CONT follows, this thread must not continue.
            awaitContinue();
        }
    }

    private static void awaitContinue() {
        try {
            System.in.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitDeath() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            awaitDeath();
        }
    }
}
