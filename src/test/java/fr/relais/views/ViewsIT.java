package fr.relais.views;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fr.relais.Mirror;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.camel.builder.NotifyBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

@Execution(ExecutionMode.CONCURRENT)
class ViewsIT {

    private static final String ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-10T12:00:00Z"));
    private SourceSimulator source;
    private Mirror mirror;
    private Views views;
    private List<String> ids;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults().withClock(clock));
        new OfferGenerator(1).fill(source.base(), 10, clock.instant(), Duration.ofDays(5), "1");
        mirror = Mirror.of(source)
                .with("relais.views.folder", folder.toString())
                .with("relais.views.uri", "seda:views")
                .start(clock);
        mirror.sweep();
        ids = List.copyOf(mirror.offers().keySet());
        views = mirror.relais().views();
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void a_retried_delivery_counts_once_within_the_key_window() {
        List<View> events = List.of(view(0, "a"), view(0, "b"), view(1, "a"), view(2, null), view(2, null));

        assertThat(views.count(events)).isEqualTo(new Views.Counted(4, 1, 0));
        assertThat(views.count(events)).isEqualTo(new Views.Counted(0, 5, 0));
        clock.advance(Duration.ofHours(47));
        views.deleteOldKeys();
        assertThat(views.count(events)).isEqualTo(new Views.Counted(0, 5, 0));
        clock.advance(Duration.ofHours(2));
        views.deleteOldKeys();

        assertThat(mirror.jdbc
                        .sql("select count(*) from view_key")
                        .query(Long.class)
                        .single())
                .isZero();
        assertThat(views.count(events)).isEqualTo(new Views.Counted(4, 1, 0));
    }

    @Test
    void two_sites_may_use_the_same_keys_for_different_views() {
        List<View> events = List.of(view(0, "1"), view(0, null));

        assertThat(views.count(events, "one")).isEqualTo(new Views.Counted(2, 0, 0));
        assertThat(views.count(events, "two")).isEqualTo(new Views.Counted(2, 0, 0));
        assertThat(views.count(events)).isEqualTo(new Views.Counted(2, 0, 0));
        assertThat(views.count(events, "one")).isEqualTo(new Views.Counted(0, 2, 0));

        assertThat(lines()).containsExactly("2026-11 " + ids.get(0) + " 6 0 0 0");
        assertThat(mirror.relais().reports().of(YearMonth.of(2026, 11)))
                .satisfies(report -> assertThat(report.views()).isEqualTo(6))
                .satisfies(report -> assertThat(report.offers()).isEqualTo(1));
    }

    @Test
    void the_views_of_a_key_are_discarded_in_the_months_that_are_open() {
        views.count(List.of(view(0, "a"), view(1, "b")), "leaked");
        views.count(List.of(view(0, "a")), "site");
        clock.set(Instant.parse("2026-12-01T12:00:00Z"));
        mirror.relais().reports().freezeDueMonths();
        View late = new View(ids.get(2), Instant.parse("2026-11-30T12:00:00Z"), null, ROBOT);
        views.count(List.of(view(0, "c"), new View("nobody", clock.instant(), "d", null), late), "leaked");
        views.count(List.of(view(0, "c"), view(2, "d")), "site");
        byte[] frozen = report(11);

        assertThat(views.discard("leaked"))
                .isEqualTo(new Views.Discarded(Map.of(YearMonth.of(2026, 12), 3L), Map.of(YearMonth.of(2026, 11), 2L)));

        assertThat(lines())
                .containsExactly(
                        "2026-11 " + ids.get(0) + " 2 0 0 0",
                        "2026-11 " + ids.get(1) + " 1 0 0 0",
                        "2026-12  0 0 0 0",
                        "2026-12 " + ids.get(0) + " 1 0 0 0",
                        "2026-12 " + ids.get(2) + " 1 0 0 0");
        assertDaysAddUp();
        assertThat(report(11)).isEqualTo(frozen);
        assertThat(new String(report(12), UTF_8)).contains("2026-12;ENSEMBLE;;2\r\n");
        assertThat(views.discard("leaked"))
                .isEqualTo(new Views.Discarded(Map.of(), Map.of(YearMonth.of(2026, 11), 2L)));
    }

    @Test
    void visitors_do_not_wait_while_the_views_of_a_key_are_discarded() throws Exception {
        views.count(List.of(view(0, "a"), view(1, "b")), "leaked");
        CompletableFuture<Views.Discarded> discarded;
        try (RowLock lock = new RowLock("offer_id = '" + ids.get(0) + "' and reporter = 'leaked'")) {
            discarded = CompletableFuture.supplyAsync(() -> views.discard("leaked"));
            awaitWaitingTransactions(1);

            views.count(List.of(View.shown(ids.get(0), clock.instant(), null)));
            views.count(List.of(view(1, "c")), "site");
        }

        assertThat(discarded.get(30, TimeUnit.SECONDS).subtracted()).isEqualTo(Map.of(YearMonth.of(2026, 11), 2L));
        assertThat(lines())
                .containsExactlyInAnyOrder("2026-11 " + ids.get(0) + " 1 0 0 0", "2026-11 " + ids.get(1) + " 1 0 0 0");
    }

    @Test
    void a_month_that_is_frozen_while_views_are_discarded_stays_as_it_was_frozen() throws Exception {
        views.count(List.of(view(0, "november")));
        mirror.jdbc.sql("""
                        insert into view_count (month, offer_id, reporter, views)
                        select '2026-11-01', if(seq = 1, '', concat('a', lpad(seq, 4, '0'))), 'leaked', 2
                        from seq_1_to_2500""").update();
        clock.set(Instant.parse("2026-12-01T12:00:00Z"));
        CompletableFuture<Views.Discarded> discarded;
        CompletableFuture<Void> frozen;
        try (RowLock lock = new RowLock("offer_id = 'a1500' and reporter = 'leaked'")) {
            discarded = CompletableFuture.supplyAsync(() -> views.discard("leaked"));
            awaitWaitingTransactions(1);
            frozen = CompletableFuture.runAsync(() -> mirror.relais().reports().freezeDueMonths());
            awaitWaitingTransactions(2);
        }
        frozen.get(30, TimeUnit.SECONDS);

        // The freeze waits for the chunk that is being written, and the next chunk waits for the freeze.
        Views.Discarded result = discarded.get(30, TimeUnit.SECONDS);
        long subtracted = result.subtracted().get(YearMonth.of(2026, 11));
        long kept = result.frozen().get(YearMonth.of(2026, 11));
        assertThat(subtracted).isPositive();
        assertThat(kept).isPositive().isEqualTo(5_000 - subtracted);
        long unknown = sum("select views from view_count where offer_id = ''");
        assertThat(new String(report(11), UTF_8)).contains("2026-11;ENSEMBLE;;" + (1 + kept - unknown) + "\r\n");
    }

    @Test
    void views_of_offers_that_are_not_in_the_mirror_are_counted_separately() {
        assertThat(views.count(List.of(view(0, "a"), new View("nobody", clock.instant(), "b", null))))
                .isEqualTo(new Views.Counted(2, 0, 1));

        assertThat(lines()).containsExactly("2026-11  1 0 0 0", "2026-11 " + ids.get(0) + " 1 0 0 0");
    }

    @Test
    void an_offer_that_is_removed_during_the_month_keeps_its_count_and_nothing_else() {
        views.count(List.of(view(0, "a")));
        source.base().remove(ids.get(0));
        mirror.sweep();

        assertThat(mirror.offers()).doesNotContainKey(ids.get(0));
        assertThat(views.count(List.of(view(0, "b")))).isEqualTo(new Views.Counted(1, 0, 0));
        assertThat(lines()).containsExactly("2026-11 " + ids.get(0) + " 2 0 0 0");
    }

    @Test
    void views_by_robots_are_also_counted_separately() {
        views.count(List.of(view(0, "a"), new View(ids.get(0), clock.instant(), "b", ROBOT)));

        assertThat(lines()).containsExactly("2026-11 " + ids.get(0) + " 2 1 0 0");
    }

    @ParameterizedTest
    @CsvSource({
        // The last and the first moment of a month in Paris: in winter, in summer, in the months in which summer time
        // begins and ends, and in February of a leap year.
        "2026-12-01T12:00:00Z, 2026-11-30T22:59:59.999Z, 2026-11",
        "2026-12-01T12:00:00Z, 2026-11-30T23:00:00Z, 2026-12",
        "2027-08-01T12:00:00Z, 2027-07-31T21:59:59.999Z, 2027-07",
        "2027-08-01T12:00:00Z, 2027-07-31T22:00:00Z, 2027-08",
        "2027-04-01T12:00:00Z, 2027-03-31T21:59:59.999Z, 2027-03",
        "2027-04-01T12:00:00Z, 2027-03-31T22:00:00Z, 2027-04",
        "2027-11-01T12:00:00Z, 2027-10-31T22:59:59.999Z, 2027-10",
        "2027-11-01T12:00:00Z, 2027-10-31T23:00:00Z, 2027-11",
        "2028-03-01T12:00:00Z, 2028-02-29T22:59:59.999Z, 2028-02",
        "2028-03-01T12:00:00Z, 2028-02-29T23:00:00Z, 2028-03",
        // Clocks that are ahead by four minutes, by six minutes and by far.
        "2026-11-30T22:58:00Z, 2026-11-30T23:02:00Z, 2026-12",
        "2026-11-30T22:58:00Z, 2026-11-30T23:04:00Z, 2026-11",
        "2026-11-30T22:58:00Z, +99999-01-01T00:00:00Z, 2026-11"
    })
    void a_view_belongs_to_the_month_of_its_own_instant(Instant now, Instant at, YearMonth month) {
        clock.set(now);

        // Before the month is open, after it is open, and as a site submits the view.
        views.count(List.of(View.shown(ids.get(0), at, null)));
        views.count(List.of(View.shown(ids.get(0), at, ROBOT)));
        views.count(List.of(new View(ids.get(0), at, null, null)));

        assertThat(lines()).containsExactly(month + " " + ids.get(0) + " 3 1 0 0");
        assertDaysAddUp();
    }

    @Test
    void views_are_also_counted_by_the_day_of_their_own_instant() {
        View before = View.shown(ids.get(0), Instant.parse("2026-11-09T22:59:59.999Z"), null);
        View after = View.shown(ids.get(1), Instant.parse("2026-11-09T23:00:00Z"), ROBOT);

        views.count(List.of(before, after));
        views.count(List.of(view(0, "a"), new View("nobody", clock.instant(), "b", null)), "site");
        views.count(List.of(view(0, "a")), "site");

        assertThat(views.lastDays(3))
                .containsExactly(
                        new ViewDay(LocalDate.of(2026, 11, 8), 0, 0),
                        new ViewDay(LocalDate.of(2026, 11, 9), 1, 0),
                        new ViewDay(LocalDate.of(2026, 11, 10), 3, 1));
        assertThat(views.lastDays(1)).hasSize(1);
        assertDaysAddUp();
        clock.advance(Duration.ofDays(400));
        views.deleteOldDays();
        assertThat(views.lastDays(401)).filteredOn(day -> day.views() > 0).hasSize(1);
    }

    @Test
    void a_view_of_a_closed_month_counts_as_late_in_the_first_open_month() {
        views.count(List.of(view(0, "november")));
        View late = new View(ids.get(0), Instant.parse("2026-11-30T12:00:00Z"), null, ROBOT);
        View ancient = new View(ids.get(0), Instant.parse("1999-01-01T00:00:00Z"), null, null);
        clock.set(Instant.parse("2026-12-01T12:00:00Z"));
        mirror.relais().reports().freezeDueMonths();

        views.count(List.of(late, ancient));
        views.count(List.of(View.shown(ids.get(0), late.at(), null)));

        assertThat(lines()).containsExactly("2026-11 " + ids.get(0) + " 1 0 0 0", "2026-12 " + ids.get(0) + " 0 0 3 1");
        assertThat(views.lastDays(1)).containsExactly(new ViewDay(LocalDate.of(2026, 12, 1), 3, 1));
        assertDaysAddUp();
    }

    @Test
    void a_view_that_is_counted_during_a_freeze_is_in_the_report_or_late() throws Exception {
        Instant november = clock.instant();
        views.count(List.of(view(0, "november")));
        clock.set(Instant.parse("2026-12-01T12:00:00Z"));
        ExecutorService visitors = Executors.newFixedThreadPool(4);
        CountDownLatch begun = new CountDownLatch(100);
        List<Future<?>> visits = new ArrayList<>();
        for (int visitor = 0; visitor < 4; visitor++) {
            Random random = new Random(visitor);
            visits.add(visitors.submit(() -> {
                for (int i = 0; i < 200; i++) {
                    views.count(List.of(View.shown(ids.get(random.nextInt(10)), november, null)));
                    begun.countDown();
                }
            }));
        }
        begun.await();
        mirror.relais().reports().freezeDueMonths();
        for (Future<?> visit : visits) {
            visit.get();
        }
        visitors.shutdown();

        assertThat(sum("select views from monthly_report where month = '2026-11-01'"))
                .isGreaterThan(100)
                .isEqualTo(sum("select sum(views) from view_count where month = '2026-11-01'"));
        assertThat(sum("select sum(views + late_views) from view_count")).isEqualTo(801);
        assertDaysAddUp();
    }

    @Test
    void concurrent_callers_lose_no_view() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(8);
        List<Future<Integer>> counted = new ArrayList<>();
        int shown = 0;
        try (Mirror twin = mirror.secondProcess().start(clock)) {
            for (int writer = 0; writer < 8; writer++) {
                Random random = new Random(writer);
                Views here = writer % 4 < 2 ? views : twin.relais().views();
                boolean shows = writer % 2 == 0;
                shown += shows ? 200 : 0;
                counted.add(writers.submit(() -> {
                    int sum = 0;
                    for (int i = 0; i < 200; i++) {
                        List<View> some = new ArrayList<>();
                        if (shows) {
                            some.add(View.shown(ids.get(random.nextInt(10)), clock.instant(), null));
                        }
                        for (int j = shows ? 0 : random.nextInt(4) + 1; j > 0; j--) {
                            // There are so few keys that several writers submit the same one.
                            some.add(view(random.nextInt(10), "key" + random.nextInt(2_000)));
                        }
                        sum += here.count(some).counted();
                    }
                    return sum;
                }));
            }
            int sum = 0;
            for (Future<Integer> writer : counted) {
                sum += writer.get();
            }

            assertThat(sum("select sum(views) from view_count")).isEqualTo(sum);
            assertThat(sum("select count(*) from view_key")).isEqualTo(sum - shown);
            assertDaysAddUp();
        } finally {
            writers.shutdown();
        }
    }

    @Test
    void views_stay_counted_when_the_transaction_of_the_caller_rolls_back() {
        new TransactionTemplate(new JdbcTransactionManager(mirror.dataSource)).executeWithoutResult(status -> {
            views.count(List.of(view(0, "a")));
            status.setRollbackOnly();
        });

        assertThat(lines()).containsExactly("2026-11 " + ids.get(0) + " 1 0 0 0");
    }

    @Test
    void a_failed_commit_counts_nothing_and_does_not_affect_the_next() {
        mirror.jdbc.sql("rename table view_count to gone").update();
        assertThatThrownBy(() -> views.count(List.of(view(0, "a")))).isInstanceOf(RuntimeException.class);
        mirror.jdbc.sql("rename table gone to view_count").update();

        assertThat(views.count(List.of(view(0, "a")))).isEqualTo(new Views.Counted(1, 0, 0));
    }

    @Test
    void files_in_the_folder_are_counted_and_their_invalid_lines_go_to_rejected_files() throws Exception {
        String id = ids.get(0);
        Files.writeString(
                folder.resolve("a.csv"),
                "\uFEFFkey;at;offerId;page\r\nk1;2026-11-10T11:00:00Z;" + id + ";x\r\n;yesterday;" + id
                        + ";\r\n\"k2\";2026-11-10T11:00:00+01:00;" + id + "\r\n\"open;2026-11-10T11:00:00Z;" + id
                        + "\r\n");
        Files.writeString(
                folder.resolve("b.ndjson"),
                "{\"offerId\":\"" + id + "\",\"at\":\"2026-11-10T11:00:00Z\",\"key\":\"k1\"}\n\n{\n" + "{\"offerId\":\""
                        + id + "\",\"at\":\"2026-11-10T11:00:00Z\",\"key\":\"k3\"}");
        Files.writeString(folder.resolve("c.csv"), "offerId,at\n1,2026-11-10T11:00:00Z\n");
        Files.write(folder.resolve("d.csv"), "offerId;at\nété;2026-11-10T11:00:00Z\n".getBytes(ISO_8859_1));
        Files.writeString(folder.resolve("e.txt"), "not a file of views");

        mirror.camel().getRouteController().startRoute("relais-views-from-folder");
        await().atMost(Duration.ofSeconds(60)).until(() -> fileNames()
                .equals(List.of("a.csv.rejected", "b.ndjson.rejected", "c.csv.rejected", "d.csv.rejected", "e.txt")));

        assertThat(lines()).containsExactly("2026-11 " + id + " 3 0 0 0");
        assertThat(Files.readAllLines(folder.resolve("a.csv.rejected")))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .startsWith("3;at must be an instant")
                                .endsWith(";yesterday;" + id + ";"),
                        line -> assertThat(line).startsWith("5;not a line of CSV"));
        assertThat(Files.readAllLines(folder.resolve("b.ndjson.rejected")))
                .singleElement()
                .asString()
                .startsWith("3;this is not JSON");
        assertThat(Files.readAllLines(folder.resolve("c.csv.rejected")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("the first line must name the columns"));
        assertThat(Files.readAllLines(folder.resolve("d.csv.rejected")))
                .singleElement()
                .asString()
                .startsWith("2;not UTF-8");
    }

    @Test
    void links_in_the_folder_are_not_followed(@TempDir Path elsewhere) throws Exception {
        ViewFiles files = new ViewFiles(views);
        String line = "offerId;at\n" + ids.get(0) + ";2026-11-10T11:00:00Z\nnot a view\n";
        Path secret = Files.writeString(elsewhere.resolve("secret"), line);
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), secret);
        Path file = Files.writeString(folder.resolve("file.csv"), line);
        Files.createSymbolicLink(folder.resolve(".file.csv.rejected"), secret);
        Path rejected = Files.createSymbolicLink(folder.resolve("file.csv.rejected"), secret);

        assertThatThrownBy(() -> files.count(link.toFile()))
                .isInstanceOf(UncountedFile.class)
                .hasMessage("link.csv is a link, and links are not followed");
        files.count(file.toFile());

        assertThat(lines()).containsExactly("2026-11 " + ids.get(0) + " 1 0 0 0");
        assertThat(fileNames()).containsExactly("file.csv", "file.csv.rejected", "link.csv");
        assertThat(Files.isSymbolicLink(rejected)).isFalse();
        assertThat(rejected).content().startsWith("3;");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(rejected)))
                .isEqualTo("rw-------");
        assertThat(secret).hasContent(line);
    }

    @Test
    void files_of_rejected_lines_are_deleted_after_the_retention() throws Exception {
        Path old = Files.writeString(folder.resolve("old.csv.rejected"), "");
        Files.writeString(folder.resolve("young.csv.rejected"), "");
        Files.writeString(folder.resolve("other.rejected"), "");
        Instant now = Instant.now();
        Files.setLastModifiedTime(
                old, FileTime.from(now.minus(Duration.ofDays(30).plusMinutes(1))));
        Files.setLastModifiedTime(folder.resolve("young.csv.rejected"), FileTime.from(now.minus(Duration.ofDays(29))));
        Files.setLastModifiedTime(folder.resolve("other.rejected"), FileTime.from(Instant.EPOCH));

        mirror.camel().getRouteController().startRoute("relais-rejected-lines-from-folder");

        await().atMost(Duration.ofSeconds(60))
                .until(() -> fileNames().equals(List.of("other.rejected", "young.csv.rejected")));
    }

    @Test
    void a_file_that_cannot_be_counted_now_stays_in_the_folder() throws Exception {
        mirror.jdbc.sql("rename table view_count to gone").update();
        Files.writeString(
                folder.resolve("a.ndjson"), "{\"offerId\":\"" + ids.get(0) + "\",\"at\":\"2026-11-10T11:00:00Z\"}\n");
        NotifyBuilder failed = new NotifyBuilder(mirror.camel())
                .fromRoute("relais-views-from-folder")
                .whenFailed(1)
                .create();
        mirror.camel().getRouteController().startRoute("relais-views-from-folder");
        assertThat(failed.matches(60, TimeUnit.SECONDS)).isTrue();
        assertThat(fileNames()).contains("a.ndjson");
        mirror.jdbc.sql("rename table gone to view_count").update();

        await().atMost(Duration.ofSeconds(60)).until(() -> fileNames().isEmpty());

        assertThat(lines()).containsExactly("2026-11 " + ids.get(0) + " 1 0 0 0");
    }

    @Test
    void views_from_a_queue_are_counted_and_an_invalid_message_stops_nothing() throws Exception {
        mirror.camel().getRouteController().startRoute("relais-views-from-queue");
        var queue = mirror.camel().createProducerTemplate();

        queue.sendBody("seda:views", "no view");
        queue.sendBody("seda:views", "{\"offerId\":\"" + ids.get(0) + "\",\"at\":\"2026-11-10T11:00:00Z\"}");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> lines().equals(List.of("2026-11 " + ids.get(0) + " 1 0 0 0")));
    }

    /** Locks rows of {@code view_count} until it is closed. */
    private final class RowLock implements AutoCloseable {

        private final Connection connection = mirror.dataSource.getConnection();

        RowLock(String rows) throws SQLException {
            connection.setAutoCommit(false);
            // The default level would lock the gaps between the rows, too.
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            try (Statement statement = connection.createStatement()) {
                statement.executeQuery("select 1 from view_count where " + rows + " for update");
            }
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.setAutoCommit(true);
            connection.close();
        }
    }

    private void awaitWaitingTransactions(int number) {
        // The tests of this class run concurrently on one server, so only the schema of this test counts.
        await().until(() -> sum("""
                        select count(*) from information_schema.innodb_trx
                        join information_schema.processlist on trx_mysql_thread_id = id
                        where trx_state = 'LOCK WAIT' and db = database()""") == number);
    }

    /** Checks that the days of each month and reporter add up to the counts of that month. */
    private void assertDaysAddUp() {
        assertThat(totals("select left(day, 7), reporter, sum(views), sum(robots) from view_day group by 1, 2"))
                .isNotEmpty()
                .isEqualTo(totals("""
                        select left(month, 7), reporter, sum(views + late_views) as n, sum(robots + late_robots)
                        from view_count group by 1, 2 having n > 0"""));
    }

    private List<String> totals(String query) {
        return mirror.jdbc
                .sql(query + " order by 1, 2")
                .query((row, number) ->
                        row.getString(1) + " " + row.getString(2) + " " + row.getLong(3) + " " + row.getLong(4))
                .list();
    }

    private byte[] report(int month) {
        return mirror.relais().reports().csv(mirror.relais().reports().of(YearMonth.of(2026, month)));
    }

    private int sum(String query) {
        return mirror.jdbc.sql(query).query(Integer.class).single();
    }

    private View view(int offer, String key) {
        return new View(ids.get(offer), clock.instant(), key == null ? null : offer + key, null);
    }

    private List<String> fileNames() throws Exception {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Returns the counts of all reporters: month, offer, views, views by robots, late views, late views by robots. */
    private List<String> lines() {
        return mirror.jdbc.sql("""
                        select concat_ws(' ', left(month, 7), offer_id, sum(views), sum(robots), sum(late_views),
                          sum(late_robots))
                        from view_count group by month, offer_id
                        order by month, offer_id""").query(String.class).list();
    }
}
