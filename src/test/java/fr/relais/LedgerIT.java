package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import fr.relais.audit.SelfAudits;
import fr.relais.ledger.Anchor;
import fr.relais.ledger.Ledger;
import fr.relais.ledger.LedgerEntry.Kind;
import fr.relais.ledger.Verification;
import fr.relais.report.MonthlyReport;
import fr.relais.simulator.Answer;
import fr.relais.simulator.Call;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.camel.CamelExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Integration tests of the ledger: the chain in a real database, and what Relais writes into it. */
@Execution(ExecutionMode.CONCURRENT)
class LedgerIT {

    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-30T12:00:00Z"));
    private final GreenMail mail = new GreenMail(new ServerSetup(0, "127.0.0.1", "smtp"));
    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        mail.start();
        source = SourceSimulator.start(SimulatorOptions.defaults().withClock(clock));
        mirror = Mirror.of(source)
                .with("relais.report.from", "relais@example.org")
                .with("relais.report.to", "apioffres@example.net")
                .with("relais.report.uri", "smtp://127.0.0.1:" + mail.getSmtp().getPort())
                .start(clock);
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
        mail.stop();
    }

    @Test
    void entries_of_concurrent_transactions_form_one_chain() throws Exception {
        long before = ledger().head().number();
        try (Mirror twin = mirror.secondProcess().start(clock)) {
            List<CompletableFuture<Void>> writers = IntStream.range(0, 8)
                    .mapToObj(writer -> CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 10; i++) {
                            append(writer % 2 == 0 ? mirror : twin, i % 5 == 4);
                        }
                    }))
                    .toList();
            CompletableFuture.allOf(writers.toArray(CompletableFuture[]::new)).join();
        }

        assertThat(ledger().verify(Optional.empty()).isIntact()).isTrue();
        assertThat(ledger().head().number())
                .as("without those that were rolled back")
                .isEqualTo(before + 8 * 8);
    }

    private static void append(Mirror process, boolean rollBack) {
        new TransactionTemplate(new JdbcTransactionManager(process.dataSource)).executeWithoutResult(status -> {
            process.relais().ledger().append(Kind.KEY, Map.of("name", "é\"\n"));
            if (rollBack) {
                status.setRollbackOnly();
            }
        });
    }

    @Test
    void no_entry_is_earlier_than_the_previous_one_even_if_a_clock_is_wrong() throws Exception {
        append(mirror, false);
        try (Mirror twin =
                mirror.secondProcess().start(new SettableClock(clock.instant().minusSeconds(60)))) {
            append(twin, false);
        }

        assertThat(times()).isSorted();
        mirror.jdbc
                .sql("update ledger set text = 'damaged' order by number desc limit 1")
                .update();
        append(mirror, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"left(text, length(text) - 1)", "replace(text, '\"at\":\"', '\"at\":\"x')", "'damaged'"})
    void a_damaged_result_of_a_self_audit_is_ignored(String damage) {
        new TransactionTemplate(new JdbcTransactionManager(mirror.dataSource))
                .executeWithoutResult(status -> ledger().append(Kind.SELF_AUDIT, Map.of("equal", 5)));
        assertThat(mirror.bean(SelfAudits.class).last()).isPresent();

        mirror.jdbc
                .sql("update ledger set text = " + damage + " order by number desc limit 1")
                .update();

        assertThat(mirror.bean(SelfAudits.class).last()).isEmpty();
    }

    private List<Instant> times() {
        List<Instant> times = new ArrayList<>();
        ledger().read(entry -> times.add(entry.content().orElseThrow().at()));
        return times;
    }

    @Test
    void an_entry_without_a_transaction_is_refused() {
        assertThatThrownBy(() -> ledger().append(Kind.KEY, Map.of())).isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    update ledger set text = replace(text, '"name"', '"Name"') where number = 3       | 3
                    update ledger set hash = repeat('0', 64) where number = 4                         | 4
                    delete from ledger where number = 2                                               | 2
                    delete from ledger where number = 6                                               | 6
                    delete from ledger                                                                | 1
                    update ledger set number = 7 where number = 1                                     | 1
                    insert into ledger select 7, text, hash from ledger where number = 6              | 7
                    update ledger a join ledger b on b.number = 9 - a.number set a.text = b.text      | 3
                    update ledger_head set number = 5                                                 | 6
                    delete from ledger_head                                                           | 1
                    """)
    void a_change_of_the_tables_is_found(String change, long wrong) {
        while (ledger().head().number() < 6) {
            append(mirror, false);
        }
        assertThat(ledger().verify(Optional.empty()).isIntact()).isTrue();

        assertThat(mirror.jdbc.sql(change).update()).isPositive();

        assertThat(ledger().verify(Optional.empty()).fault())
                .hasValueSatisfying(fault -> assertThat(fault.number()).isEqualTo(wrong));
    }

    @Test
    void a_report_leaves_its_freeze_its_delivery_and_who_sent_it_again() throws Exception {
        // Opens the month.
        mirror.relais().reports().freezeDueMonths();
        clock.advance(Duration.ofDays(1));
        MonthlyReport report = mirror.relais().reports().freeze(NOVEMBER);

        mirror.relais().send(report);
        mirror.relais().send(mirror.relais().reports().prepareResend(NOVEMBER, "anna"));

        assertThat(entries(Kind.REPORT))
                .extracting(data -> data.path("month").asText() + " "
                        + data.path("state").asText() + " "
                        + data.path("resentBy").asText("-"))
                .containsExactly(
                        "2026-11 prepared -", "2026-11 accepted -", "2026-11 prepared anna", "2026-11 accepted -");
        assertThat(entries(Kind.REPORT))
                .allMatch(data -> data.path("sha256").asText().equals(report.sha256()));
        List<Anchor> mailed = new ArrayList<>();
        for (var message : mail.getReceivedMessages()) {
            mailed.add(anchor(GreenMailUtil.getWholeMessage(message)));
        }
        assertThat(mailed).hasSize(2).containsOnly(mailed.get(0));
        assertThat(verify(mailed.get(0)).isIntact()).isTrue();
        assertThat(verify(new Anchor(mailed.get(0).number(), "0".repeat(64))).isIntact())
                .isFalse();
    }

    @Test
    void each_change_of_the_accounts_state_leaves_one_entry() {
        source.onCall((exchange, call) -> {
            if (call.kind() == Call.Kind.SEARCH) {
                Answer.empty(403).sendTo(exchange);
                return true;
            }
            return false;
        });
        assertThatThrownBy(() -> mirror.relais().checkSource()).isInstanceOf(CamelExecutionException.class);
        mirror.sweep();
        source.onCall((exchange, call) -> false);
        mirror.relais().account().allowProbe();
        mirror.relais().checkSource();

        assertThat(entries(Kind.ACCOUNT))
                .extracting(data -> data.path("state").asText())
                .containsExactly("SUSPENDED", "ACTIVE");
    }

    @Test
    void a_service_that_starts_with_other_settings_leaves_them_without_secrets() throws Exception {
        mirror.recordSettings();
        mirror.start(clock);
        mirror.recordSettings();
        mirror.with("relais.removal.guard", "0.5").start(clock);
        assertThat(entries(Kind.SETTINGS)).as("a command leaves nothing").hasSize(1);
        mirror.recordSettings();

        assertThat(entries(Kind.SETTINGS))
                .extracting(data -> data.at("/settings/relais.removal.guard").asText())
                .containsExactly("0.02,1000,5", "0.5");
        assertThat(entries(Kind.SETTINGS).toString())
                .doesNotContain(SimulatorOptions.defaults().clientSecret());
    }

    @Test
    void a_publication_leaves_the_hashes_of_its_files_and_names_the_last_sweep() throws Exception {
        mirror.publish();
        mirror.publish();
        mirror.sweep();

        List<JsonNode> publications = entries(Kind.PUBLICATION);
        assertThat(publications).hasSize(2);
        JsonNode json = null;
        for (var document : mirror.relais().changelog().documents()) {
            assertThat(publications.get(1).path("files").path(document.name()).asText())
                    .isEqualTo(document.sha256());
            if (document.name().endsWith(".json")) {
                json = new ObjectMapper().readTree(document.content());
            }
        }
        Anchor anchor = Anchor.of(json.path("registre").asText());
        assertThat(anchor).isEqualTo(ledger().last(Kind.SWEEP).orElseThrow().anchor());
        assertThat(verify(anchor).isIntact()).isTrue();
    }

    private Ledger ledger() {
        return mirror.relais().ledger();
    }

    private Verification verify(Anchor known) {
        return ledger().verify(Optional.of(known));
    }

    private List<JsonNode> entries(Kind kind) {
        List<JsonNode> entries = new ArrayList<>();
        ledger().read(entry -> {
            if (entry.text().contains("\"kind\":\"" + kind + "\"")) {
                entries.add(entry.data());
            }
        });
        return entries;
    }

    /** Returns the anchor in the text of a mail, which is quoted-printable. */
    private static Anchor anchor(String mail) {
        Matcher anchor = Pattern.compile("\\b\\d+:[0-9a-f]{64}\\b").matcher(mail.replaceAll("=\\r?\\n", ""));
        assertThat(anchor.find()).isTrue();
        return Anchor.of(anchor.group());
    }
}
