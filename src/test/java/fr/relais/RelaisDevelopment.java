package fr.relais;

import fr.relais.app.RelaisApplication;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatedBase;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The whole of Relais on one machine, with nothing to install ({@code mvn spring-boot:test-run}): an embedded MariaDB
 * and a simulated source, each of which steps aside when the real one is configured.
 */
public final class RelaisDevelopment {

    private static final int OFFERS = 5_000;

    private RelaisDevelopment() {}

    public static void main(String[] args) throws IOException {
        if (System.getenv("SPRING_DATASOURCE_URL") == null) {
            EmbeddedDatabase database = EmbeddedDatabase.start(Path.of("target", "development-database"));
            set("spring.datasource.url", database.schema("relais"));
            System.out.println("Database: " + System.getProperty("spring.datasource.url") + ", user root, no password");
            set("spring.datasource.username", "root");
            set("spring.datasource.password", "");
        }
        if (System.getenv("RELAIS_SOURCE_CLIENT_ID") == null) {
            SourceSimulator source = simulate();
            set("relais.source.base-url", source.baseUrl());
            set("relais.source.token-url", source.tokenUrl());
            set("relais.source.client-id", SimulatorOptions.defaults().clientId());
            set("relais.source.client-secret", SimulatorOptions.defaults().clientSecret());
            set("relais.sweep.cron", "30 * * * * ?");
        }
        if (Files.isDirectory(Path.of("routes"))) {
            set("relais.routes", "routes");
        }
        RelaisApplication.main(args);
    }

    /** What the environment says goes first. */
    private static void set(String setting, String value) {
        if (System.getenv(setting.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_")) == null) {
            System.setProperty(setting, value);
        }
    }

    private static SourceSimulator simulate() throws IOException {
        SourceSimulator source =
                SourceSimulator.start(SimulatorOptions.defaults().withCallsPerSecond(10));
        // The same offers at each start of a day, so that the database kept from the last one still has most of them.
        OfferGenerator generator = new OfferGenerator(1);
        Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
        generator.fill(source.base(), OFFERS, today, Duration.ofDays(60), "1");
        ScheduledExecutorService minute = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "simulated-minute");
            thread.setDaemon(true);
            return thread;
        });
        Random random = new Random();
        minute.scheduleAtFixedRate(() -> change(source.base(), generator, random), 60, 60, TimeUnit.SECONDS);
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
