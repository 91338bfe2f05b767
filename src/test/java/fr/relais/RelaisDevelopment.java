package fr.relais;

import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import fr.relais.app.RelaisApplication;
import fr.relais.settings.Settings;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatedBase;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The whole of Relais on one machine, with nothing to install ({@code mvn spring-boot:test-run}): an embedded MariaDB,
 * a simulated source, simulated visitors and a mailbox. Each of them is left out when a real one is configured.
 */
public final class RelaisDevelopment {

    private static final int OFFERS = 5_000;

    /** The default of management.server.port, which another run may use. */
    private static final int MANAGEMENT_PORT = 9876;

    /** Kept in a field, because the lock would end if the channel were garbage-collected. */
    private static FileChannel lock;

    private static volatile ConfigurableApplicationContext context;

    private static volatile boolean isStopping;

    private RelaisDevelopment() {}

    public static void main(String[] args) throws IOException {
        if (System.getenv("SPRING_DATASOURCE_URL") == null) {
            requireSingleRun();
            EmbeddedDatabase database = EmbeddedDatabase.start(Path.of("target", "development-database"));
            set("spring.datasource.url", database.schema("relais"));
            System.out.println("Database: " + System.getProperty("spring.datasource.url") + ", user root, no password");
            set("spring.datasource.username", "root");
            set("spring.datasource.password", "");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(database)));
        }
        if (System.getenv("RELAIS_SOURCE_CLIENT_ID") == null) {
            SourceSimulator source = simulate();
            set("relais.source.base-url", source.baseUrl());
            set("relais.source.token-url", source.tokenUrl());
            set("relais.source.client-id", SimulatorOptions.defaults().clientId());
            set("relais.source.client-secret", SimulatorOptions.defaults().clientSecret());
            set("relais.sweep.cron", "30 * * * * ?");
        }
        if (System.getenv("SPRING_MAIL_HOST") == null) {
            receiveMail();
        }
        if (System.getenv("RELAIS_VIEWS_FOLDER") == null) {
            Path folder = Files.createDirectories(Path.of("target", "development-views"));
            set("relais.views.folder", folder.toString());
        }
        set(
                "relais.changelog.uri",
                "file:target/development-changelog?tempPrefix=.&fileExist=TryRename&copyAndDeleteOnRenameFail=false");
        set("relais.console.local", "true");
        set("relais.restore.folder", "target/development-state");
        set("relais.display.xiti-tag", "at_medium=development&at_offer={id}");
        set("relais.display.logo", "src/test/resources/logo.svg");
        if (isTaken(MANAGEMENT_PORT)) {
            set("management.server.port", "0");
        }
        // The report of last month is sent within a minute.
        set("relais.report.cron", "0 * * * * ?");
        if (Files.isDirectory(Path.of("routes"))) {
            set("relais.routes", "routes");
        }
        SpringApplication.withHook(
                application -> new SpringApplicationRunListener() {
                    @Override
                    public void contextPrepared(ConfigurableApplicationContext prepared) {
                        context = prepared;
                    }

                    @Override
                    public void ready(ConfigurableApplicationContext started, Duration timeTaken) {
                        accompany(started);
                    }
                },
                () -> RelaisApplication.main(args));
    }

    /** Starts the simulated visitors, and reloads the routes when their files change. */
    private static void accompany(ConfigurableApplicationContext started) {
        ConfigurableEnvironment environment = started.getEnvironment();
        System.out.println("Metrics: http://127.0.0.1:" + environment.getProperty("local.management.port")
                + "/actuator/prometheus");
        if (System.getenv("RELAIS_VIEWS_FOLDER") == null) {
            SimulatedVisitors.start(
                    Path.of(environment.getProperty("relais.views.folder", "")),
                    environment.getProperty("local.server.port"));
        }
        String routes = environment.getProperty("relais.routes", "");
        if (!routes.isEmpty()) {
            CamelContext camel = started.getBean(CamelContext.class);
            RouteReload.watch(
                    camel,
                    started.getBean("dataSource", DataSource.class),
                    name -> environment.getProperty(
                            name,
                            camel.getPropertiesComponent().loadProperties().getProperty(name)),
                    System.out::println);
        }
    }

    private static boolean isTaken(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return !socket.isBound();
        } catch (IOException e) {
            return true;
        }
    }

    /** Stops the application before its database. */
    private static void stop(EmbeddedDatabase database) {
        isStopping = true;
        try {
            if (context != null) {
                // Spring's own shutdown hook closes the context at the same time, and may not have finished.
                context.close();
                await().atMost(Duration.ofMinutes(2)).until(() -> !context.isActive());
            }
        } finally {
            database.close();
        }
    }

    /**
     * Exits if another run uses this folder, because two servers would destroy the data. The lock ends with the
     * process.
     */
    private static void requireSingleRun() throws IOException {
        lock = FileChannel.open(
                Files.createDirectories(Path.of("target")).resolve("development.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        if (lock.tryLock() == null) {
            System.err.println(
                    "A development run is active in this folder. Stop it, or set SPRING_DATASOURCE_URL to the address"
                            + " of the database that it printed, and SPRING_DATASOURCE_USERNAME to root.");
            System.exit(1);
        }
    }

    /** Sets a system property, unless the setting has a value already. */
    private static void set(String setting, String value) {
        if (System.getenv(Settings.variable(setting)) == null && System.getProperty(setting) == null) {
            System.setProperty(setting, value);
        }
    }

    /** Starts a mail server that delivers all mail to a folder. */
    private static void receiveMail() throws IOException {
        Path mailbox = Files.createDirectories(Path.of("target", "development-mailbox"));
        GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
        mail.start();
        set("spring.mail.host", "127.0.0.1");
        set("spring.mail.port", Integer.toString(mail.getSmtp().getPort()));
        set("relais.report.from", "relais@example.org");
        set("relais.report.to", "reports@example.net");
        set("relais.report.licensee", "Relais Development");
        AtomicInteger kept = new AtomicInteger();
        every(1, "development-mailbox", () -> {
            MimeMessage[] mails = mail.getReceivedMessages();
            while (kept.get() < mails.length) {
                MimeMessage message = mails[kept.getAndIncrement()];
                Path file = mailbox.resolve(message.getMessageID().replaceAll("[<>]|@.*", "") + ".eml");
                try (OutputStream out = Files.newOutputStream(file)) {
                    message.writeTo(out);
                }
                System.out.println("Mailbox: " + message.getSubject() + ", in " + file);
            }
            return null;
        });
    }

    /** Repeats a task on a thread of its own, with this pause. A failure is printed and the task is repeated. */
    static void every(int seconds, String name, Callable<Void> task) {
        Executors.newSingleThreadScheduledExecutor(runnable -> {
                    Thread thread = new Thread(runnable, name);
                    thread.setDaemon(true);
                    return thread;
                })
                .scheduleWithFixedDelay(
                        () -> {
                            try {
                                task.call();
                            } catch (Exception e) {
                                if (!isStopping) {
                                    System.out.println(name + ": " + e);
                                }
                            }
                        },
                        seconds,
                        seconds,
                        TimeUnit.SECONDS);
    }

    private static SourceSimulator simulate() throws IOException {
        SourceSimulator source =
                SourceSimulator.start(SimulatorOptions.defaults().withCallsPerSecond(10));
        // Starts on the same day generate the same offers, so that the kept database still has most of them.
        OfferGenerator generator = new OfferGenerator(1);
        Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
        generator.fill(source.base(), OFFERS, today, Duration.ofDays(60), "1");
        Random random = new Random();
        every(60, "simulated-minute", () -> {
            change(source.base(), generator, random);
            return null;
        });
        return source;
    }

    private static void change(SimulatedBase base, OfferGenerator generator, Random random) {
        List<String> ids = List.copyOf(base.ids());
        for (int i = 0; i < 10; i++) {
            base.put(generator.offer(Instant.now(), "1"));
            base.remove(ids.get(random.nextInt(ids.size())));
            base.change(ids.get(random.nextInt(ids.size())), generator::change);
        }
    }
}
