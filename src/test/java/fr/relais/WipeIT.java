package fr.relais;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import fr.relais.CrashPoints.Moment;
import fr.relais.MirrorProcess.Crash;
import fr.relais.MirrorProcess.Work;
import fr.relais.docs.Guide;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.seal.Seal;
import fr.relais.seal.Sealed;
import fr.relais.seal.UnfinishedWipe;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.views.View;
import fr.relais.views.Views;
import fr.relais.wipe.Wipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Integration tests of the seal and of the wipe (licence, article 9). Planted tokens are searched in every file of the
 * database and in the files of Relais.
 */
@Tag("long")
class WipeIT {

    private static final int MARKED = 24;

    /** The number of steps at which a wipe is killed, unless {@code -Dtests.crashes=all} is given. */
    private static final int KILLED = 2;

    private static final boolean ALL = "all".equals(System.getProperty("tests.crashes"));

    private final Path root = Path.of("target", "wipe", UUID.randomUUID().toString());
    private EmbeddedDatabase database;
    private SourceSimulator source;
    private Mirror mirror;

    /** The start of every token, which occurs nowhere else. */
    private String word;

    /** The start of the ids of the marked offers. The ids of the generator start with a digit. */
    private String idWord;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(root);
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 100, Instant.now().minusSeconds(60), Duration.ofDays(60), "1");
    }

    @AfterEach
    void stop() {
        if (mirror != null) {
            mirror.close();
        }
        source.close();
        if (database != null) {
            database.close();
        }
    }

    @Test
    void nothing_is_left_in_any_file_and_the_ledger_tells_of_the_wipe() throws Exception {
        // A small redo log is overwritten within a second.
        startDatabase("--innodb-log-file-size=8M");
        mirror = withDocumentedPrivileges();
        plant();
        writePages();
        assertThat(residue().keySet())
                .contains("offer.ibd word", "offer.ibd id", "derived.ibd word", "api_key.ibd word")
                .contains("view_count.ibd id", "outbox.ibd id", "views.csv.rejected word");

        Wipe.Result result = mirror.relais().wipe().run("anna", step -> {});

        assertThat(residue()).isEmpty();
        writePages();
        assertThat(residue()).isEmpty();
        assertThat(result.deleted())
                .containsEntry("offer", 100L + MARKED)
                .containsEntry("derived", 100L + MARKED)
                .containsEntry("api_key", 1L);
        assertThat(result.remaining()).anyMatch(place -> place.contains("to offer: copy_of_offers. If"));
        assertThat(mirror.relais().ledger().verify(Optional.empty()).isIntact()).isTrue();
        assertThat(entries())
                .anyMatch(text -> text.contains("\"begun\"") && text.contains("\"by\":\"anna\""))
                .anyMatch(text -> text.contains("\"finished\"") && text.contains("\"offer\":" + (100 + MARKED)))
                .noneMatch(text -> text.contains(idWord));
        assertThat(mirror.relais().residue().find()).isEmpty();
    }

    /** Returns options of the server: one at random, unless {@code -Dtests.crashes=all} is given. */
    static List<String> options() {
        List<String> options = new ArrayList<>(List.of(
                "--innodb-log-file-size=4M",
                "--innodb-log-file-size=256M",
                "--innodb-undo-tablespaces=0",
                "--innodb-buffer-pool-size=8M",
                "--innodb-doublewrite=OFF"));
        Collections.shuffle(options, new Random(Seeds.one().findFirst().orElseThrow()));
        return options.subList(0, ALL ? options.size() : 1);
    }

    @ParameterizedTest
    @MethodSource("options")
    void nothing_is_left_whatever_the_settings_of_the_server(String option) throws Exception {
        startDatabase(option);
        mirror = Mirror.of(source, database.newSchema(), "root");
        plant();
        writePages();
        assertThat(residue()).isNotEmpty();

        mirror.relais().wipe().run(null, step -> {});

        assertThat(residue()).isEmpty();
        writePages();
        assertThat(residue()).isEmpty();
    }

    @Test
    void nothing_is_left_after_a_wipe_was_killed_at_any_of_its_steps_and_run_again() throws Exception {
        startDatabase("--innodb-log-file-size=8M");
        database.account(MirrorProcess.USER, "");
        int seed = Seeds.one().findFirst().orElseThrow();
        System.out.println("WipeIT, seed " + seed);
        Random random = new Random(seed);
        List<String> points = points();
        assertThat(points)
                .contains("delete offer, insert wiped", "optimize offer", "insert sighting")
                .hasSizeGreaterThan(25);
        Collections.shuffle(points, random);
        for (String point : points.subList(0, ALL ? points.size() : KILLED)) {
            Moment moment = Moment.values()[random.nextInt(2)];
            mirror = Mirror.of(source, database.newSchema(), "root");
            plant();
            writePages();
            try (MirrorProcess process = MirrorProcess.start(mirror, new Crash("KILL", moment, 1, point), Work.WIPE)) {
                assertThat(process.awaitEnd())
                        .as(moment + " " + point + "\n" + process.output())
                        .isEqualTo(MirrorProcess.KILLED);
                assertThat(process.output()).doesNotContain(word, idWord);
            }
            // Otherwise the next wipe waits until the lease of the dead process expires.
            mirror.jdbc
                    .sql("update lease set expires_at = '2000-01-01' where name = 'sweep'")
                    .update();
            Map<String, Long> deleted =
                    mirror.relais().wipe().run(null, step -> {}).deleted();
            writePages();

            assertThat(residue()).as(moment + " " + point).isEmpty();
            assertThat(mirror.relais().ledger().verify(Optional.empty()).isIntact())
                    .isTrue();
            if (!point.contains("ledger")) {
                assertThat(deleted).as(moment + " " + point).containsEntry("offer", 100L + MARKED);
            }
            mirror.close();
        }
    }

    /** Returns the points at which a wipe can be killed. */
    private List<String> points() throws Exception {
        Set<String> points = new LinkedHashSet<>();
        mirror = Mirror.of(source, database.newSchema(), "root");
        plant();
        mirror.watchedBy(new CrashPoints((moment, point) -> points.add(point))).start();
        points.clear();
        mirror.relais().wipe().run(null, step -> {});
        mirror.close();
        points.remove(CrashPoints.RENEWAL);
        return new ArrayList<>(points);
    }

    @Test
    void a_running_sweep_of_another_process_ends_and_nothing_is_fetched_any_more() throws Exception {
        // The sweep must last longer than a process may take to notice the seal, even if all readers have made a call.
        mirror = Mirror.of(source)
                .with("relais.source.page-size", "2")
                .with("relais.source.calls-per-second", "2")
                .start();
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch sealed = new CountDownLatch(1);
        source.onCall((exchange, call) -> {
            asked.countDown();
            try {
                sealed.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        });
        CompletableFuture<SweepSummary> running = CompletableFuture.supplyAsync(mirror::sweep);
        assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

        try (Mirror another = mirror.secondProcess().start()) {
            another.relais().wipe().run(null, step -> sealed.countDown());
        }

        assertThat(running.get(30, TimeUnit.SECONDS).state()).isNotEqualTo(SweepState.PROVED);
        assertThat(mirror.offers()).isEmpty();
        source.resetCounters();
        assertThatThrownBy(mirror::sweep)
                .isInstanceOf(CamelExecutionException.class)
                .cause()
                .isInstanceOf(Sealed.class);
        assertThatThrownBy(mirror.relais()::checkSource).hasRootCauseInstanceOf(Sealed.class);
        assertThat(source.searches() + source.details()).isZero();
    }

    @Test
    void views_that_arrive_after_a_wipe_are_dropped_and_no_report_is_frozen() throws Exception {
        mirror = Mirror.of(source).start();
        mirror.sweep();
        View view = new View(mirror.offers().keySet().iterator().next(), Instant.now(), "key", null);
        mirror.relais().views().count(List.of(view));
        mirror.relais().wipe().run(null, step -> {});

        assertThat(mirror.relais().views().count(List.of(view))).isEqualTo(new Views.Counted(0, 0, 0));
        mirror.camel().createProducerTemplate().requestBody("direct:relais-report", (Object) null);
        mirror.publish();

        assertThat(mirror.jdbc
                        .sql("select count(*) from monthly_report")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(mirror.relais().residue().find()).isEmpty();
    }

    @Test
    void a_sealed_mirror_is_reported_and_opens_again_only_on_demand() throws Exception {
        mirror = Mirror.of(source).start();
        mirror.sweep();
        Seal seal = mirror.relais().seal();

        assertThat(seal.seal("the licence has ended", null)).isTrue();
        assertThat(seal.seal("again", null)).isFalse();

        assertThat(mirror.alerts())
                .singleElement()
                .asString()
                .startsWith("The mirror is sealed since ")
                .contains(": the licence has ended.");
        assertThat(mirror.relais().freshness().read().seal().reason()).isEqualTo("the licence has ended");
        assertThat(mirror.offers()).hasSize(100);
        seal.open("bernard");
        assertThat(mirror.sweep().unchanged()).isEqualTo(100);
        assertThat(entries())
                .anyMatch(text -> text.contains("\"event\":\"sealed\",\"reason\":\"the licence has ended\""))
                .anyMatch(text -> text.contains("\"event\":\"unsealed\"") && text.contains("bernard"));
    }

    @Test
    void a_mirror_does_not_open_while_a_wipe_is_not_finished() throws Exception {
        mirror = Mirror.of(source).start();
        mirror.jdbc.sql("update seal set state = 'wiping'").update();

        assertThatThrownBy(() -> mirror.relais().seal().open(null)).isInstanceOf(UnfinishedWipe.class);

        mirror.relais().wipe().run(null, step -> {});
        mirror.relais().seal().open(null);
        assertThat(mirror.sweep().created()).isEqualTo(100);
    }

    @Test
    void residue_names_each_place_that_has_what_should_be_gone() throws Exception {
        Path folder = Files.createDirectories(root.resolve("views"));
        mirror = Mirror.of(source)
                .with("relais.views.folder", folder.toString())
                .with("relais.changelog.uri", "file:" + folder)
                .start();
        mirror.sweep();
        mirror.publish();
        assertThat(mirror.relais().residue().find()).isEmpty();

        String id = mirror.offers().keySet().iterator().next();
        Files.writeString(folder.resolve("modifications.json"), "{\"id\":\"" + id + "\"}");
        mirror.jdbc
                .sql("insert into sighting (sweep_id, offer_ids) values (1, '[]')")
                .update();
        mirror.jdbc.sql("insert into removal values (1, 'gone', 'removed')").update();
        mirror.jdbc
                .sql("insert into outbox (event, offer_id, at) values ('offer.removed', 'gone', '2020-01-01')")
                .update();
        // As after an import of a dump, which turns the foreign keys off.
        JdbcClient unchecked = JdbcClient.create(new DriverManagerDataSource(
                mirror.dataSource.getJdbcUrl() + "?sessionVariables=foreign_key_checks=0", "root", ""));
        unchecked.sql("insert into undecided values ('gone', '2020-01-01')").update();

        assertThat(mirror.relais().residue().find())
                .containsExactly(
                        "candidates without a running or held sweep: 1",
                        "events after their retention: 1",
                        "rows of sighting without a running sweep: 1",
                        "rows of undecided without an offer: 1",
                        folder.resolve("modifications.json") + ": has the id of an offer");
    }

    private void startDatabase(String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add(EmbeddedDatabase.WITHOUT_SYNC);
        database = EmbeddedDatabase.start(root.resolve("data"), all.toArray(String[]::new));
    }

    /** Returns a mirror whose account has only the privileges in the guide. */
    private Mirror withDocumentedPrivileges() throws IOException {
        String url = database.schema("relais");
        String[] statements = Guide.read(Path.of("src/docs/guide/operate.md"))
                .blocks("Prepare the database", "sql")
                .get(0)
                .code()
                .replace("'a password of yours'", "''")
                .split(";\\s*");
        database.accounts(Arrays.copyOfRange(statements, 1, statements.length));
        return Mirror.of(source, url, "relais");
    }

    /** Brings marked offers, views, keys, events and files into the mirror, and changes the offers. */
    private void plant() throws Exception {
        word = "zq" + UUID.randomUUID().toString().replace("-", "").substring(0, 16);
        idWord = "Z" + (10_000 + new Random().nextInt(90_000));
        Path views = Files.createDirectories(root.resolve("views"));
        mirror.with("relais.views.folder", views.toString())
                .with("relais.events.uri", "file:" + root.resolve("events"))
                .with("relais.events.initial", "true")
                .with("relais.changelog.uri", "file:" + root.resolve("changelog"))
                .start();
        mirror.jdbc.sql("""
                create table if not exists derived (offer_id varchar(64) character set ascii collate ascii_bin not null,
                  word varchar(100) not null, primary key (offer_id), key (word),
                  foreign key (offer_id) references offer (id) on delete cascade)""").update();
        mirror.jdbc.sql("create table if not exists copy_of_offers (id int)").update();
        for (int size : new int[] {900, 20_000}) {
            plantOffers(size);
            mirror.sweep();
            mirror.deliverEvents();
            writePages();
        }
        mirror.relais().replayEvents();
        mirror.jdbc
                .sql("insert into derived select id, concat(:word, 'derived') from offer")
                .param("word", word)
                .update();
        mirror.jdbc
                .sql("insert into api_key values (:word, 'SITE', repeat('x', 32), utc_timestamp())")
                .param("word", word)
                .update();
        mirror.relais()
                .views()
                .count(mirror.offers().keySet().stream()
                        .map(id -> new View(id, Instant.now(), "key" + id, null))
                        .toList());
        Files.writeString(views.resolve("views.csv.rejected"), "1;wrong;" + word);
        mirror.publish();
    }

    private void plantOffers(int size) {
        String text = ("Nous recherchons un soudeur. " + word + " ").repeat(size / 40);
        for (int i = 0; i < MARKED; i++) {
            String id = idWord + (char) ('A' + i);
            String json =
                    "{\"id\":\"" + id + "\",\"intitule\":\"Soudeur " + word + "\",\"description\":\"" + text + "\"}";
            source.base().putRaw(id, Instant.now().minusSeconds(3_600 + 60L * i), "1", json.getBytes(UTF_8));
        }
        source.base().ids().stream()
                .filter(id -> id.startsWith("Z") && !id.startsWith(idWord))
                .toList()
                .forEach(source.base()::remove);
    }

    private List<String> entries() {
        List<String> texts = new ArrayList<>();
        mirror.relais().ledger().read(entry -> {
            if (entry.text().contains("\"kind\":\"" + Kind.WIPE + "\"")
                    || entry.text().contains("\"kind\":\"" + Kind.LICENCE + "\"")) {
                texts.add(entry.text());
            }
        });
        return texts;
    }

    /** Lets the server write all changed pages to its files. */
    private void writePages() {
        JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(mirror.dataSource.getJdbcUrl(), "root", ""));
        jdbc.sql("set global innodb_max_dirty_pages_pct = 0").update();
        await().until(() -> jdbc.sql("select variable_value from information_schema.global_status"
                        + " where variable_name = 'INNODB_BUFFER_POOL_PAGES_DIRTY'")
                .query(Integer.class)
                .single()
                .equals(0));
        jdbc.sql("set global innodb_max_dirty_pages_pct = 90").update();
    }

    /** Returns how often the tokens occur in the files of the database and of Relais. */
    private Map<String, Integer> residue() throws IOException {
        Map<String, Integer> found = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(file), ISO_8859_1);
                count(text, word, file.getFileName() + " word", found);
                count(text, idWord, file.getFileName() + " id", found);
            }
        }
        return found;
    }

    private static void count(String text, String wanted, String name, Map<String, Integer> found) {
        for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
            found.merge(name, 1, Integer::sum);
        }
    }
}
