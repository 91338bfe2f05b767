package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import fr.relais.CrashPoints.Moment;
import fr.relais.MirrorProcess.Crash;
import fr.relais.MirrorProcess.Work;
import fr.relais.changelog.Changelog;
import fr.relais.changelog.Document;
import fr.relais.ledger.Ledger;
import fr.relais.report.MonthlyReports;
import fr.relais.report.ReportState;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.Fault;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.views.ViewDay;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Crashes at each commit and each outside effect: a process is killed there, and the next process continues its work.
 * {@link CrashPoints} gives these points their names.
 *
 * <p>By default, each run tries another third of the points, and a tenth of those that create a table. A process is
 * killed either before or after a point, and at one occurrence of a point that occurs many times. The seed determines
 * these choices; {@code mvn -Plong verify -Dit.test=CrashIT -Dtests.seed=N} repeats them. {@code
 * -Dtests.crashes.at=...} selects points by a part of their names. With {@code -Dtests.crashes=all}, processes are
 * killed before and after each point, and at the first, a middle and a late occurrence of a point that occurs many
 * times.
 */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class CrashIT {

    /** An entry in the ledger, which is the last part of a commit. */
    private static final String ENTRY = ", insert ledger, update ledger_head";

    /** The end of a sweep, or the deletion of the working data of a held one. */
    private static final String CLOSE = "update sweep, delete undecided, insert undecided, delete removal,"
            + " delete set_aside, delete sighting, delete slice, update slice, delete sweep";

    /**
     * The points, each in the smallest scenario in which it occurs. Add a new point here, to test that the pipeline
     * recovers from a crash at it.
     */
    private static final Map<Scenario, List<Point>> POINTS = new EnumMap<>(Scenario.class);

    static {
        POINTS.put(
                Scenario.NEW_DATABASE,
                List.of(
                        once("create relais_schema_history"),
                        once("create relais_schema_history_s_idx"),
                        once("create offer"),
                        once("create sweep"),
                        once("create slice"),
                        once("create sighting"),
                        once("create removal"),
                        once("create undecided"),
                        once("create set_aside"),
                        once("create source_field"),
                        once("create lease"),
                        once("insert lease, create account"),
                        once("create alert"),
                        once("create outbox"),
                        once("create view_count"),
                        once("create view_day"),
                        once("create view_key"),
                        once("create monthly_report"),
                        once("create api_key"),
                        once("create method"),
                        once("create publication"),
                        once("insert publication, create opening_day"),
                        once("create opening"),
                        once("create familiar_offer"),
                        once("create ledger"),
                        once("create ledger_head"),
                        once("insert ledger_head, create licence_notice"),
                        once("create api_change"),
                        once("create certificate"),
                        once("create seal"),
                        once("insert seal, create wiped"),
                        often("insert relais_schema_history")));
        POINTS.put(
                Scenario.FIRST_SWEEP,
                List.of(
                        times(4, "update lease"),
                        once("delete removal, delete sighting, insert sweep"),
                        once("insert slice"),
                        often("update slice"),
                        often("relais-to-slices"),
                        once("relais-call-token-endpoint"),
                        often("relais-call-source-api"),
                        often("insert offer, insert sighting"),
                        often("insert sighting"),
                        often("update slice, insert slice"),
                        once("insert removal, update sweep"),
                        once("insert source_field"),
                        once("delete source_field"),
                        once(CLOSE + ", insert certificate" + ENTRY)));
        POINTS.put(Scenario.CHANGED_SOURCE, List.of(often("update removal"), often("delete offer, update removal")));
        POINTS.put(Scenario.HIDDEN_OFFER, List.of(once("insert sighting, update removal")));
        POINTS.put(Scenario.HELD_REMOVALS, List.of(once("insert removal, update sweep" + ENTRY), once(CLOSE)));
        POINTS.put(Scenario.ALERT, List.of(once("insert alert"), once("relais-to-alert"), once("update alert")));
        POINTS.put(
                Scenario.APPROVED_REMOVALS,
                List.of(times(3, "update lease"), once("update sweep, update removal, update slice" + ENTRY)));
        POINTS.put(Scenario.REFUSED_REMOVALS, List.of(once("update sweep, delete removal" + ENTRY)));
        POINTS.put(
                Scenario.UNUSABLE_RECORD,
                List.of(
                        once("insert offer, insert sighting, insert set_aside"),
                        times(2, "insert sighting, insert set_aside"),
                        once("update slice, delete set_aside")));
        POINTS.put(Scenario.REFUSED_ACCOUNT, List.of(once("insert account, update account" + ENTRY)));
        POINTS.put(
                Scenario.PROBED_ACCOUNT,
                List.of(times(2, "update account"), once("insert account, update account" + ENTRY)));
        POINTS.put(Scenario.DENYING_SOURCE, List.of(once("update sweep"), once(CLOSE + ENTRY)));
        POINTS.put(Scenario.BROKEN_WORKER, List.of(times(2, "update slice")));
        POINTS.put(Scenario.INTERRUPTED_SWEEP, List.of(once("update sweep, update removal, update slice")));
        POINTS.put(
                Scenario.ABANDONED_SWEEP,
                List.of(once("update sweep, delete removal, delete sighting, insert sweep" + ENTRY)));
        POINTS.put(
                Scenario.COUNTED_VIEWS,
                List.of(
                        once("insert view_key, insert monthly_report, insert view_count, insert view_day"),
                        once("insert view_count, insert view_day"),
                        often("delete view_key"),
                        once("delete view_day")));
        POINTS.put(
                Scenario.REPORTED_MONTH,
                List.of(
                        once("insert monthly_report"),
                        once("update monthly_report"),
                        times(2, "update monthly_report" + ENTRY),
                        once("relais-to-mail-server")));
        POINTS.put(
                Scenario.REFUSED_REPORT,
                List.of(times(2, "update monthly_report"), once("update monthly_report" + ENTRY)));
        POINTS.put(Scenario.FORGOTTEN_MONTH, List.of(once("delete view_count, update monthly_report")));
        POINTS.put(
                Scenario.PUBLISHED_CHANGELOG,
                List.of(
                        once("insert method"),
                        once("update publication"),
                        once("update publication" + ENTRY),
                        often("relais-to-changelog")));
        POINTS.put(Scenario.UNPUBLISHED_CHANGELOG, List.of(times(2, "update publication")));
        POINTS.put(Scenario.TRANSFORMED_OFFERS, List.of(often("insert offer, insert addition, insert sighting")));
        POINTS.put(
                Scenario.RECORDED_EVENTS,
                List.of(
                        often("insert offer, insert outbox, insert sighting"),
                        often("delete offer, update removal, insert outbox")));
        POINTS.put(Scenario.DELIVERED_EVENTS, List.of(often("relais-to-events"), often("delete outbox")));
        POINTS.put(
                Scenario.RESTORED_DATABASE,
                List.of(
                        once("update sweep"),
                        once("update lease, update sweep, insert monthly_report, update monthly_report" + ENTRY),
                        once("update lease")));
    }

    private static final int SEED = Seeds.one().findFirst().orElseThrow();
    private static final String NAME_PART = System.getProperty("tests.crashes.at", "");
    private static final boolean ALL = "all".equals(System.getProperty("tests.crashes"));

    /**
     * A commit or an outside effect.
     *
     * @param times how often the point occurs in its scenario, each time for a different reason; null when it occurs
     *     many times for the same reason
     */
    private record Point(String effect, Integer times) {}

    private static Point once(String effect) {
        return times(1, effect);
    }

    private static Point times(int times, String effect) {
        return new Point(effect, times);
    }

    private static Point often(String effect) {
        return new Point(effect, null);
    }

    /** The number of times that each point occurs in each scenario without a crash. */
    private static final Map<Scenario, Map<String, Integer>> RECORDED = new EnumMap<>(Scenario.class);

    /** A state of the source and the database, and the work that a process does in this state. */
    private enum Scenario {
        NEW_DATABASE(Work.NOTHING) {
            @Override
            void prepare(World world) {
                world.fill(8, "1");
            }
        },
        FIRST_SWEEP(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(40, "1");
                world.mirror.start();
            }
        },
        CHANGED_SOURCE(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(40, "1");
                world.fill(12, "2");
                world.mirror.with("relais.source.origins", "1,2");
                world.sweep();
                world.change();
                world.mirror.with("relais.source.origins", "1");
            }
        },
        HIDDEN_OFFER(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(12, "1");
                world.sweep();
                world.hide();
            }
        },
        HELD_REMOVALS(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(20, "1");
                world.sweep();
                world.mirror.with("relais.removal.guard", "0.01,3");
                world.remove(8);
            }
        },
        ALERT(Work.WATCH) {
            @Override
            void prepare(World world) throws Exception {
                HELD_REMOVALS.prepare(world);
                world.sweep();
            }
        },
        APPROVED_REMOVALS(Work.APPROVE) {
            @Override
            void prepare(World world) throws Exception {
                ALERT.prepare(world);
            }
        },
        REFUSED_REMOVALS(Work.REFUSE) {
            @Override
            void prepare(World world) throws Exception {
                ALERT.prepare(world);
            }
        },
        UNUSABLE_RECORD(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(8, "1");
                world.source.base().putRaw("unusable", Instant.now(), "1", "{\"intitule\":\"no id\"}".getBytes(UTF_8));
                world.mirror.start();
            }
        },
        REFUSED_ACCOUNT(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(8, "1");
                world.fault = answering(Call.Kind.SEARCH, 403);
                world.mirror.start();
            }
        },
        PROBED_ACCOUNT(Work.PROBE) {
            @Override
            void prepare(World world) throws Exception {
                REFUSED_ACCOUNT.prepare(world);
                world.sweep();
                world.heal();
            }
        },
        DENYING_SOURCE(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(8, "1");
                world.sweep();
                world.remove(2);
                world.fault = answering(Call.Kind.DETAIL, 204);
            }
        },
        BROKEN_WORKER(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(8, "1");
                world.mirror
                        .with("relais.slices.uri", "direct:relais-no-mail-server")
                        .start();
            }
        },
        INTERRUPTED_SWEEP(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(40, "1");
                world.interrupt();
            }
        },
        ABANDONED_SWEEP(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                INTERRUPTED_SWEEP.prepare(world);
                world.mirror.with("relais.source.origins", "1,2");
            }
        },
        COUNTED_VIEWS(Work.COUNT) {
            @Override
            void prepare(World world) throws Exception {
                world.mirror.start();
                world.mirror
                        .jdbc
                        .sql("insert into view_key values ('old', '2000-01-01')")
                        .update();
                world.counting = true;
            }
        },
        REPORTED_MONTH(Work.REPORT) {
            @Override
            void prepare(World world) throws Exception {
                world.openLastMonth();
            }
        },
        FORGOTTEN_MONTH(Work.REPORT) {
            @Override
            void prepare(World world) throws Exception {
                world.openLastMonth();
                world.report();
                world.mirror
                        .jdbc
                        .sql("update monthly_report set accepted_at = '2000-01-01' where state = 'accepted'")
                        .update();
            }
        },
        REFUSED_REPORT(Work.REPORT) {
            @Override
            void prepare(World world) throws Exception {
                world.openLastMonth();
                world.mirror.with("relais.report.uri", "direct:relais-no-mail-server");
            }
        },
        PUBLISHED_CHANGELOG(Work.PUBLISH) {
            @Override
            void prepare(World world) throws Exception {
                world.publishing = true;
                world.mirror.start();
            }
        },
        UNPUBLISHED_CHANGELOG(Work.PUBLISH) {
            @Override
            void prepare(World world) throws Exception {
                PUBLISHED_CHANGELOG.prepare(world);
                world.mirror.with("relais.changelog.uri", "direct:relais-no-mail-server");
            }
        },
        TRANSFORMED_OFFERS(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(8, "1");
                world.transform();
                world.mirror.start();
            }
        },
        RECORDED_EVENTS(Work.SWEEP) {
            @Override
            void prepare(World world) throws Exception {
                world.sendEvents();
                world.fill(15, "1");
                world.sweep();
                world.change();
            }
        },
        DELIVERED_EVENTS(Work.DELIVER) {
            @Override
            void prepare(World world) throws Exception {
                world.sendEvents();
                world.fill(12, "1");
                world.sweep();
            }
        },
        RESTORED_DATABASE(Work.NOTHING) {
            @Override
            void prepare(World world) throws Exception {
                world.fill(8, "1");
                world.sweep();
                world.mirror.jdbc.sql("update lease set fence = -1").update();
            }
        };

        private final Work work;

        Scenario(Work work) {
            this.work = work;
        }

        abstract void prepare(World world) throws Exception;
    }

    /** A scenario, and the crash of the process that works in it. */
    private record Case(Scenario scenario, Crash crash) {
        @Override
        public String toString() {
            return "%s: killed %s occurrence %d of %s"
                    .formatted(scenario, crash.moment(), crash.occurrence(), crash.point());
        }
    }

    @BeforeAll
    static void expectLostConnections() {
        System.out.println("CrashIT, seed " + SEED);
        // Otherwise the server logs several lines for each killed process.
        try (Mirror server = Mirror.like(Map.of(), EmbeddedDatabase.shared().schema("mysql"), "root")) {
            server.jdbc.sql("set global log_warnings = 1").update();
        }
    }

    @Test
    void each_commit_and_each_outside_effect_is_listed() {
        Set<String> found = new TreeSet<>();
        Stream.of(Scenario.values())
                .forEach(scenario -> found.addAll(recorded(scenario).keySet()));

        assertThat(found)
                .isEqualTo(POINTS.values().stream()
                        .flatMap(List::stream)
                        .map(Point::effect)
                        .collect(Collectors.toCollection(TreeSet::new)));
        POINTS.forEach((scenario, points) -> points.forEach(point -> {
            Map<String, Integer> recorded = recorded(scenario);
            assertThat(recorded).as(scenario.name()).containsKey(point.effect);
            if (point.times != null) {
                assertThat(recorded).as(scenario.name()).containsEntry(point.effect, point.times);
            }
        }));
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        POINTS.forEach((scenario, points) -> points.stream()
                .filter(point -> point.effect.contains(NAME_PART) && isTried(point))
                .forEach(point -> {
                    Random random = new Random(SEED + point.effect.hashCode());
                    for (int occurrence : occurrences(scenario, point, random)) {
                        List<Moment> moments = ALL
                                ? List.of(Moment.values())
                                : List.of(Moment.values()[random.nextInt(Moment.values().length)]);
                        for (Moment moment : moments) {
                            cases.add(new Case(scenario, new Crash("KILL", moment, occurrence, point.effect)));
                        }
                    }
                }));
        return cases;
    }

    /** Whether a point is tried. */
    private static boolean isTried(Point point) {
        int share = point.effect.startsWith("create ") ? 10 : 3;
        return ALL || !NAME_PART.isEmpty() || new Random((point.effect + SEED).hashCode()).nextInt(share) == 0;
    }

    private static int[] occurrences(Scenario scenario, Point point, Random random) {
        if (point.times != null) {
            return IntStream.rangeClosed(1, point.times).toArray();
        }
        // The workers share the work differently in each run, so the last occurrences may not come.
        int count = recorded(scenario).getOrDefault(point.effect, 1);
        return ALL
                ? IntStream.of(1, (count + 1) / 2, count * 3 / 4 + 1)
                        .filter(occurrence -> occurrence <= count)
                        .distinct()
                        .toArray()
                : new int[] {1 + random.nextInt((count + 1) / 2)};
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void a_killed_process_leaves_consistent_data_and_the_next_one_continues(Case crashCase) throws Exception {
        try {
            crash(crashCase);
        } catch (Exception | AssertionError e) {
            // Maven's summary does not show the display names of tests.
            throw new AssertionError(crashCase + ". Replay with -Dit.test=CrashIT -Dtests.seed=" + SEED, e);
        }
    }

    private static void crash(Case crashCase) throws Exception {
        try (World world = new World()) {
            crashCase.scenario.prepare(world);
            Leftovers before = crashCase.scenario == Scenario.NEW_DATABASE ? Leftovers.NONE : world.leftovers();

            try (MirrorProcess process = MirrorProcess.start(world.mirror, crashCase.crash, crashCase.scenario.work)) {
                assertThat(process.awaitEnd()).as(process.output()).isEqualTo(MirrorProcess.KILLED);
            }
            world.awaitRollback();

            if (crashCase.scenario == Scenario.NEW_DATABASE) {
                world.mirror.start();
            }
            world.checkLedger();
            if (world.counting) {
                world.checkViews();
                return;
            } else if (world.mail != null) {
                world.checkReport();
                return;
            } else if (world.publishing) {
                world.checkChangelog();
                return;
            }
            Leftovers after = world.leftovers();
            world.checkLeftovers(before, after);
            world.checkRestart(after);
            world.checkLedger();
        }
    }

    private static synchronized Map<String, Integer> recorded(Scenario scenario) {
        return RECORDED.computeIfAbsent(scenario, CrashIT::record);
    }

    private static Map<String, Integer> record(Scenario scenario) {
        Map<String, Integer> points = new ConcurrentHashMap<>();
        try (World world = new World()) {
            scenario.prepare(world);
            world.mirror.watchedBy(new CrashPoints((moment, point) -> {
                if (moment == Moment.BEFORE && !point.equals(CrashPoints.RENEWAL)) {
                    points.merge(point, 1, Integer::sum);
                }
            }));
            world.mirror.start();
            scenario.work.runOn(world.mirror);
        } catch (Exception e) {
            throw new IllegalStateException(scenario.name(), e);
        }
        return new TreeMap<>(points);
    }

    private static Fault answering(Call.Kind kind, int status) {
        return (exchange, call) -> {
            if (call.kind() == kind) {
                Answer.empty(status).sendTo(exchange);
            }
            return call.kind() == kind;
        };
    }

    /**
     * The contents of the database, before or after a crash.
     *
     * @param offers the mirrored offers: content by id
     * @param proved the ids of the proved sweeps
     * @param unfinished the id of the sweep that is still reading or removing and covers the origins of the settings,
     *     so that the next process resumes it, or null
     * @param provedSlices the proved slices of the unfinished sweep
     */
    private record Leftovers(Map<String, String> offers, Set<Long> proved, Long unfinished, Set<Span> provedSlices) {
        private static final Leftovers NONE = new Leftovers(Map.of(), Set.of(), null, Set.of());
    }

    /** The range of creation dates of a search or of a slice. */
    private record Span(Instant from, Instant to) {}

    /** A source and its mirror. */
    private static final class World implements AutoCloseable {

        private final SourceSimulator source;
        private final Mirror mirror;
        private final OfferGenerator generator = new OfferGenerator(SEED);
        /** All contents that the source has ever had for each id. */
        private final Map<String, Set<String>> versions = new HashMap<>();

        private final Set<Span> searches = ConcurrentHashMap.newKeySet();
        private final Map<String, String> hidden = new TreeMap<>();
        private volatile Fault fault = Fault.NONE;
        private boolean counting;
        private boolean publishing;
        private GreenMail mail;
        private EventReceiver receiver;

        World() throws IOException {
            source = SourceSimulator.start(SimulatorOptions.defaults());
            source.onCall((exchange, call) -> {
                if (call.parameters().containsKey("minCreationDate")) {
                    searches.add(new Span(
                            Instant.parse(call.parameters().get("minCreationDate")),
                            Instant.parse(call.parameters().get("maxCreationDate"))));
                }
                return fault.answer(exchange, call);
            });
            mirror = Mirror.of(source)
                    .with("relais.source.page-size", "5")
                    .with("relais.source.window", "15")
                    .with("relais.source.retry-delay", "10");
        }

        void fill(int offers, String origine) {
            generator.fill(source.base(), offers, Instant.now(), Duration.ofDays(60), origine);
            recordVersions();
        }

        void sweep() throws Exception {
            mirror.start();
            mirror.sweep();
            mirror.stop();
        }

        void change() {
            remove(5);
            ids().stream().limit(5).forEach(id -> source.base().change(id, generator::change));
            fill(5, "1");
        }

        void remove(int offers) {
            ids().stream().limit(offers).forEach(source.base()::remove);
        }

        /** Hides an offer from all searches, although the source still has it. */
        void hide() {
            String id = ids().get(0);
            String content = new String(source.base().content(id), UTF_8);
            hidden.put(id, content);
            source.base().remove(id);
            fault = (exchange, call) -> {
                if (call.id().equals(id)) {
                    Answer.of(200, "application/json", content).sendTo(exchange);
                }
                return call.id().equals(id);
            };
        }

        /** Runs a sweep that loses its database, so that it cannot record how it ended. */
        void interrupt() throws Exception {
            try (Mirror doomed = Mirror.like(mirror.settings(), mirror.dataSource.getJdbcUrl(), "root")) {
                fault = (exchange, call) -> {
                    if (call.kind() == Call.Kind.SEARCH && call.number() == 8) {
                        doomed.dataSource.close();
                    }
                    return false;
                };
                doomed.start();
                assertThatThrownBy(doomed::sweep).isInstanceOf(CamelExecutionException.class);
            }
            heal();
            expireLease();
        }

        /** Sends the events of all sweeps to a receiver. */
        void sendEvents() throws IOException {
            receiver = EventReceiver.start();
            mirror.with("relais.events.uri", receiver.uri()).with("relais.events.initial", "true");
        }

        /** Starts a mail server, and counts views for last month, whose report is then due. */
        void openLastMonth() throws Exception {
            mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
            mail.start();
            mirror.with("relais.report.from", "relais@example.org")
                    .with("relais.report.to", "reports@example.net")
                    .with("relais.report.cron", "0 * * * * ?")
                    .with(
                            "relais.report.uri",
                            "smtp://127.0.0.1:" + mail.getSmtp().getPort())
                    .start();
            String month = YearMonth.now(ZoneId.of("Europe/Paris"))
                    .minusMonths(1)
                    .atDay(1)
                    .toString();
            mirror.jdbc
                    .sql("insert into monthly_report (month, state, opened_at) values (:month, 'open', :month)")
                    .param("month", month)
                    .update();
            mirror.jdbc
                    .sql("insert into view_count (month, offer_id, views) values (:month, '123ABCD', 7)")
                    .param("month", month)
                    .update();
        }

        void report() throws Exception {
            mirror.start();
            Work.REPORT.runOn(mirror);
        }

        /** Checks that the report is accepted, and that a mail that had to be repeated is identical to the first. */
        void checkReport() throws Exception {
            mirror.with(
                    "relais.report.uri", "smtp://127.0.0.1:" + mail.getSmtp().getPort());
            report();
            YearMonth month = YearMonth.now(ZoneId.of("Europe/Paris")).minusMonths(1);
            MonthlyReports reports = mirror.relais().reports();
            int mails = mail.getReceivedMessages().length;
            if (!reports.of(month).isSent()) {
                if (reports.of(month).state() == ReportState.PREPARED) {
                    mirror.jdbc
                            .sql("update monthly_report set next_attempt_at = '2000-01-01' where state = 'prepared'")
                            .update();
                } else {
                    assertThat(reports.of(month).state()).isEqualTo(ReportState.SUBMITTING);
                    reports.prepareResend(month, null);
                }
                report();
                assertThat(mail.getReceivedMessages()).hasSize(mails + 1);
            } else {
                assertThat(mail.getReceivedMessages()).hasSize(1);
            }
            assertThat(reports.of(month).state()).isEqualTo(ReportState.ACCEPTED);
            Set<String> different = new HashSet<>();
            for (MimeMessage message : mail.getReceivedMessages()) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                // The mail server adds these headers.
                message.writeTo(bytes, new String[] {"Return-Path", "Received"});
                different.add(bytes.toString(UTF_8));
            }
            assertThat(different).hasSize(1);
        }

        /** Adds a {@code relais-transform-offer} that writes a row for each offer. */
        void transform() throws IOException {
            Path routes = Files.createTempDirectory(Files.createDirectories(Path.of("target", "crashes")), "routes");
            Files.writeString(routes.resolve("36-mine.camel.yaml"), """
                    - route:
                        id: relais-transform-offer
                        description: Rien d’utile n’est ajouté.
                        routeConfigurationId: relais-rethrow
                        from:
                          uri: direct:relais-transform-offer
                          steps:
                            - to:
                                id: to-addition
                                uri: sql
                                parameters:
                                  dataSource: "#relaisDataSource"
                                  query: insert ignore into addition values (:#${body.id})
                    """);
            mirror.with("relais.routes", routes.toString());
            mirror.jdbc
                    .sql("create table addition (offer_id varchar(64) primary key)")
                    .update();
        }

        /**
         * Checks that there is one version of the method, and that the published files match the database once the
         * claim of the dead process has expired.
         */
        void checkChangelog() throws Exception {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "crashes")), "changelog");
            if (mirror.settings().get("relais.changelog.uri").startsWith("direct:")) {
                mirror.with("relais.changelog.uri", "file:" + folder);
            } else {
                folder = Path.of(mirror.settings().get("relais.changelog.uri").replaceAll("^file:|\\?.*$", ""));
            }
            mirror.start();
            // Otherwise the claim would last for ten minutes.
            mirror.jdbc
                    .sql("update publication set claimed_until = '2000-01-01' where claimed_until is not null")
                    .update();
            mirror.publish();
            Changelog changelog = mirror.relais().changelog();
            for (Document document : changelog.documents()) {
                assertThat(folder.resolve(document.name())).hasBinaryContent(document.content());
            }
            assertThat(count("method")).isEqualTo(1);
            assertThat(count("publication where published_at is not null and attempts = 0 and claimed_until is null"))
                    .isEqualTo(1);
            assertThat(changelog.publication().unpublished()).isEmpty();
        }

        /**
         * Delivers the views again, as a sender without an answer does, and checks that each view counts once. A view
         * of a page that Relais shows itself has no key, so it may count twice when it is delivered twice here.
         */
        void checkViews() throws Exception {
            mirror.start();
            Work.COUNT.runOn(mirror);
            assertThat(views("<>")).isEqualTo(MirrorProcess.VIEWS.size());
            assertThat(views("="))
                    .as("one of this process, and one of the killed process if it got that far")
                    .isBetween(1, 2);
            assertThat(count("view_key")).isEqualTo(MirrorProcess.VIEWS.size());
            assertThat(mirror.relais().views().lastDays(2).stream()
                            .mapToLong(ViewDay::views)
                            .sum())
                    .as("the days add up to the counts")
                    .isEqualTo(views("<>") + views("="));
        }

        private int views(String operator) {
            return mirror.jdbc
                    .sql("select sum(views) from view_count where offer_id " + operator + " 'shown'")
                    .query(Integer.class)
                    .single();
        }

        /** Ends the faults of the source, except that a hidden offer stays hidden, and restores the settings. */
        void heal() {
            if (hidden.isEmpty()) {
                fault = Fault.NONE;
            }
            source.base().remove("unusable");
            mirror.settings().remove("relais.slices.uri");
        }

        /** Expires the lease, which would otherwise last for 30 seconds. */
        void expireLease() {
            mirror.jdbc.sql("update lease set expires_at = '2000-01-01'").update();
        }

        /** Waits until the server has noticed the death of the process and rolled back its transactions. */
        void awaitRollback() {
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> count("information_schema.processlist where db = database() and user = '"
                                    + MirrorProcess.USER + "'")
                            == 0);
        }

        Leftovers leftovers() {
            Long unfinished = mirror.jdbc
                    .sql("select id from sweep where state in ('reading', 'removing') and origines = :origines")
                    .param("origines", mirror.settings().getOrDefault("relais.source.origins", "1"))
                    .query(Long.class)
                    .optional()
                    .orElse(null);
            return new Leftovers(
                    mirror.offers(),
                    mirror.jdbc
                            .sql("select id from sweep where state = 'proved'")
                            .query(Long.class)
                            .set(),
                    unfinished,
                    mirror.jdbc
                            .sql("select created_from, created_to from slice"
                                    + " where state = 'proved' and sweep_id = :sweep")
                            .param("sweep", unfinished)
                            .query((row, number) -> new Span(
                                    row.getObject(1, LocalDateTime.class).toInstant(ZoneOffset.UTC),
                                    row.getObject(2, LocalDateTime.class).toInstant(ZoneOffset.UTC)))
                            .set());
        }

        void checkLeftovers(Leftovers before, Leftovers after) {
            assertThat(after.offers)
                    .allSatisfy((id, content) -> assertThat(versions.get(id)).contains(content));
            Set<String> lost = new TreeSet<>(before.offers.keySet());
            lost.removeAll(after.offers.keySet());
            lost.retainAll(expected().keySet());
            assertThat(lost).as("removed, though the source has them").isEmpty();
            if (!before.proved.containsAll(after.proved)) {
                assertThat(after.offers).as("offers after a proved sweep").isEqualTo(expected());
            }
            assertThat(count("sweep where (state in ('reading', 'removing')) <> (ended_at is null)"))
                    .as("sweeps whose state and end contradict each other")
                    .isZero();
            assertThat(count("offer o join sweep w on w.id = o.changed_sweep"
                            + " where w.state in ('reading', 'removing') and not w.approved and not exists"
                            + " (select 1 from sighting s where s.sweep_id = w.id"
                            + " and json_contains(s.offer_ids, json_quote(o.id)))"))
                    .as("offers of a page whose sightings are missing")
                    .isZero();
            if (mirror.settings().containsKey("relais.routes")) {
                assertThat(count("offer where id not in (select offer_id from addition)"))
                        .as("offers that are not transformed")
                        .isZero();
            }
            assertThat(count("sighting, json_table(offer_ids, '$[*]' columns (id varchar(64) path '$')) seen"
                            + " where seen.id not in (select id from offer)"))
                    .as("sightings of a page whose offers are missing")
                    .isZero();
            assertThat(count("removal r left join offer o on o.id = r.offer_id"
                            + " where r.outcome <> 'out of scope' and (r.outcome = 'removed') = (o.id is not null)"))
                    .as("removals that are recorded but not done, or done but not recorded")
                    .isZero();
        }

        /** Checks that the ledger is intact and tells each end of a sweep and each decision about removals once. */
        void checkLedger() {
            Ledger ledger = new Ledger(mirror.jdbc, Clock.systemUTC());
            assertThat(ledger.verify(Optional.empty()).fault()).isEmpty();
            List<String> recorded = new ArrayList<>();
            ledger.read(entry -> {
                JsonNode data = entry.data();
                if (entry.text().contains("\"kind\":\"sweep\"")) {
                    recorded.add(data.path("sweep").asText() + " "
                            + data.path("state").asText());
                } else if (entry.text().contains("\"kind\":\"removals\"")) {
                    recorded.add(data.path("sweep").asText() + " "
                            + data.path("decision").asText());
                }
            });
            List<String> happened = new ArrayList<>();
            mirror.jdbc.sql("select id, state, approved from sweep").query(row -> {
                String sweep = row.getString("id") + " ";
                String state = row.getString("state");
                if (row.getBoolean("approved")) {
                    happened.addAll(List.of(sweep + "held", sweep + "approved"));
                }
                if (state.equals("refused")) {
                    happened.addAll(List.of(sweep + "held", sweep + "refused"));
                } else if (state.equals("restored")) {
                    happened.add(sweep + "proved");
                } else if (!List.of("reading", "removing").contains(state)) {
                    happened.add(sweep + state);
                }
            });
            assertThat(recorded).containsExactlyInAnyOrderElementsOf(happened);
        }

        /** Checks that another process continues once the lease of the dead process has expired. */
        void checkRestart(Leftovers after) throws Exception {
            boolean wasRestored = count("lease where name = 'sweep' and fence = -1") > 0
                    || count("sweep where state = 'restored'") > 0;
            heal();
            mirror.start();
            expireLease();
            assertThat(mirror.relais().sweeps().isRestored()).isEqualTo(wasRestored);
            mirror.relais().account().allowProbe();
            searches.clear();

            SweepSummary summary = mirror.sweep();

            if (after.unfinished != null) {
                assertThat(summary.id()).as("the resumed sweep").isEqualTo(after.unfinished);
                assertThat(searches).as("proved slices are not read again").noneMatch(after.provedSlices::contains);
            }
            if (summary.state() == SweepState.HELD) {
                summary = mirror.approve(summary.id());
            }
            assertThat(summary.state()).as(summary.toString()).isEqualTo(SweepState.PROVED);
            assertThat(mirror.offers()).isEqualTo(expected());
            if (receiver != null) {
                mirror.deliverEvents();
                assertThat(receiver.ids()).isEqualTo(mirror.offers().keySet());
                assertThat(count("outbox")).isZero();
            }
            assertThat(count("sighting")).isZero();
            assertThat(count("removal")).isZero();
            assertThat(count("sweep where state in ('reading', 'removing')")).isZero();
            assertThat(count("lease where name = 'sweep' and expires_at <= utc_timestamp(3)"))
                    .isEqualTo(1);
        }

        private Map<String, String> expected() {
            Map<String, String> expected = Mirror.offers(source, "1");
            expected.putAll(hidden);
            return expected;
        }

        private int count(String from) {
            return mirror.jdbc
                    .sql("select count(*) from " + from)
                    .query(Integer.class)
                    .single();
        }

        private void recordVersions() {
            source.base().snapshot().forEach((id, content) -> versions.computeIfAbsent(id, any -> new HashSet<>())
                    .add(new String(content, UTF_8)));
        }

        private List<String> ids() {
            return source.base().snapshot("1").keySet().stream().sorted().toList();
        }

        @Override
        public void close() {
            mirror.close();
            source.close();
            if (mail != null) {
                mail.stop();
            }
            if (receiver != null) {
                receiver.close();
            }
        }
    }
}
