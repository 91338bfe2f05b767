package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.database.UtcTime;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.views.View;
import fr.relais.watch.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.ProducerTemplate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The size of the database after a long time with six sweeps a day and without a mail server.
 *
 * <p>{@code mvn -Plong verify -Dit.test=RetentionIT -Dtests.days=1826} simulates five years.
 */
@Tag("long")
class RetentionIT {

    private static final int DAYS = Integer.getInteger("tests.days", 8);
    private static final int OFFERS = 40;

    /** More fields than the generated offers have. */
    private static final int FIELDS = 120;

    @Test
    void no_table_grows_without_end() throws Exception {
        SettableClock clock = new SettableClock(Instant.now());
        try (SourceSimulator source =
                        SourceSimulator.start(SimulatorOptions.defaults().withClock(clock));
                Mirror mirror = Mirror.of(source).start(clock);
                ProducerTemplate producer = mirror.camel().createProducerTemplate()) {
            OfferGenerator offers = new OfferGenerator(1);
            offers.fill(source.base(), OFFERS, clock.instant(), Duration.ofDays(30), "1");
            for (int sweep = 0; sweep < 6 * DAYS; sweep++) {
                if (sweep % 6 == 0) {
                    source.base().remove(source.base().ids().iterator().next());
                    offers.fill(source.base(), 1, clock.instant(), Duration.ofHours(1), "1");
                    producer.sendBody("direct:relais-report", null);
                    producer.sendBody("direct:relais-delete-old-view-keys", null);
                    producer.sendBody("direct:relais-watch", null);
                    // A field that the source sends only once.
                    mirror.jdbc
                            .sql("insert into source_field (path, type, first_seen_at, last_seen_at)"
                                    + " values (:path, 'string', :now, :now)")
                            .param("path", "field" + sweep)
                            .param("now", UtcTime.of(clock.instant()))
                            .update();
                }

                SweepSummary summary = mirror.sweep();

                assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
                mirror.relais()
                        .views()
                        .count(mirror.offers().keySet().stream()
                                .map(id -> new View(id, clock.instant(), id + clock.instant(), null))
                                .toList());
                clock.advance(Duration.ofHours(4));
            }

            Map<String, Long> rows = new TreeMap<>();
            for (String table : List.of("removal", "set_aside", "sighting", "slice", "sweep", "undecided")) {
                rows.put(table, rows(mirror, table));
            }
            for (String table :
                    List.of("alert", "monthly_report", "source_field", "view_count", "view_day", "view_key")) {
                rows.put(table, rows(mirror, table));
            }
            System.out.println("After " + DAYS + " days: " + rows + ", " + kilobytes(mirror) + " kB");
            assertThat(rows)
                    .containsEntry("removal", 0L)
                    .containsEntry("set_aside", 0L)
                    .containsEntry("sighting", 0L)
                    .containsEntry("slice", 1L)
                    .containsEntry("undecided", 0L);
            assertThat(rows.get("sweep")).isLessThanOrEqualTo(6 * 400 + 1);
            assertThat(rows.get("alert")).isLessThanOrEqualTo(Alert.Kind.values().length);
            assertThat(rows.get("source_field")).isLessThanOrEqualTo(FIELDS + Math.min(DAYS, 401));
            assertThat(rows.get("view_day")).isBetween(Math.min(DAYS, 400L), 402L);
            assertThat(rows.get("view_key")).isLessThanOrEqualTo(18L * OFFERS);
            assertThat(rows.get("monthly_report")).isLessThanOrEqualTo(DAYS / 28 + 2);
            assertThat(rows.get("view_count")).isLessThanOrEqualTo(16L * (OFFERS + 31));
        }
    }

    private static long rows(Mirror mirror, String table) {
        return mirror.jdbc
                .sql("select count(*) from " + table)
                .query(Long.class)
                .single();
    }

    private static long kilobytes(Mirror mirror) {
        mirror.jdbc.sql("analyze table sweep, view_count, view_key").query().listOfRows();
        return mirror.jdbc
                .sql("select sum(data_length + index_length) div 1024 from information_schema.tables"
                        + " where table_schema = database()")
                .query(Long.class)
                .single();
    }
}
