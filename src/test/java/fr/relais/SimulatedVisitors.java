package fr.relais;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Simulated people and robots who view the offers of a development run, in the month before and from now on. */
final class SimulatedVisitors {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final String[] AGENTS = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                + " Version/18.0 Safari/605.1.15",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    };

    private final Path folder;
    private final String port;
    private final Random random = new Random();
    private List<String> ids = List.of();
    private int files;

    private SimulatedVisitors(Path folder, String port) {
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts the visitors.
     *
     * @param folder the folder {@code relais.views.folder}, to which the views are written
     * @param port the port of the site
     */
    static void start(Path folder, String port) {
        SimulatedVisitors visitors = new SimulatedVisitors(folder, port);
        RelaisDevelopment.every(10, "simulated-visitors", () -> {
            visitors.writeViews();
            return null;
        });
    }

    private void writeViews() throws IOException, SQLException {
        boolean first = ids.isEmpty();
        if (first || files % 10 == 0) {
            ids = ids();
        }
        if (ids.isEmpty()) {
            return;
        }
        List<String> events = new ArrayList<>();
        if (first) {
            System.out.println("An offer: http://localhost:" + port + "/offres/" + ids.get(0));
            Instant from = YearMonth.now(PARIS)
                    .minusMonths(1)
                    .atDay(1)
                    .atStartOfDay(PARIS)
                    .toInstant();
            for (int i = 0; i < 2_000; i++) {
                // The same views at each start, so that each counts once.
                events.add(event(new Random(i), from.plusSeconds(1_200L * i), "development-" + from + "-" + i));
            }
        }
        for (int i = random.nextInt(50); i >= 0; i--) {
            events.add(event(random, Instant.now(), Long.toHexString(random.nextLong())));
        }
        Path part = folder.resolve("views.part");
        Files.write(part, events);
        Files.move(part, folder.resolve("views-" + files++ + ".ndjson"), StandardCopyOption.ATOMIC_MOVE);
    }

    private String event(Random random, Instant at, String key) {
        return "{\"offerId\":\"%s\",\"at\":\"%s\",\"key\":\"%s\",\"agent\":\"%s\"}"
                .formatted(ids.get(random.nextInt(ids.size())), at, key, AGENTS[random.nextInt(AGENTS.length)]);
    }

    /**
     * Returns the ids of mirrored offers, but none before the first proved sweep, because no offer is shown until then.
     */
    private static List<String> ids() throws SQLException {
        List<String> ids = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(
                        System.getProperty("spring.datasource.url", System.getenv("SPRING_DATASOURCE_URL")),
                        System.getProperty("spring.datasource.username", System.getenv("SPRING_DATASOURCE_USERNAME")),
                        System.getProperty("spring.datasource.password", System.getenv("SPRING_DATASOURCE_PASSWORD")));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "select id from offer where exists (select 1 from sweep where state = 'proved')"
                                + " order by id limit 1000")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }
}
