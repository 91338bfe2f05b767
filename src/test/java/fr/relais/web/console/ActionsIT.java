package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import fr.relais.CapturedLog;
import fr.relais.Mirror;
import fr.relais.Website;
import fr.relais.duty.Clause;
import fr.relais.duty.Duty;
import fr.relais.report.ReportState;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.web.access.ApiKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does in the console: removals, reports, replays. */
class ActionsIT {

    private static final YearMonth MONTH =
            YearMonth.now(ZoneId.of("Europe/Paris")).minusMonths(1);

    @TempDir
    private static Path folder;

    private static SourceSimulator source;
    private static Mirror mirror;
    private static Website website;
    private static String session;
    private static String auditor;

    @BeforeAll
    static void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        mirror = Mirror.of(source)
                .with("relais.removal.guard", "0.02,5")
                .with("relais.events.uri", "file:" + folder.resolve("secret"))
                .with("relais.report.from", "relais@example.org")
                .with("relais.report.uri", "file:" + folder.resolve("mail"))
                .start();
        website = Website.of(mirror, source).start();
        ApiKeys keys = website.context().getBean(ApiKeys.class);
        String auditorKey = keys.addAuditor("lea");
        session = website.signIn("anna", keys.addOperator("anna"));
        auditor = website.signIn("lea", auditorKey);
    }

    @AfterAll
    static void stop() {
        website.close();
        mirror.close();
        source.close();
    }

    @BeforeEach
    void fill() {
        new OfferGenerator(3).fill(source.base(), 60, Instant.now(), Duration.ofDays(60), "1");
        mirror.sweep();
    }

    @Test
    void an_operator_sees_what_a_held_sweep_would_remove_and_approves_it() throws Exception {
        SweepSummary held = hold();
        for (String language : List.of("en", "fr")) {
            Document page = page("/console/removals?lang=" + language);
            assertThat(page.select("tbody tr")).hasSize(50);
            assertThat(page.select("caption").text()).contains("50").contains(" 56");
            assertThat(page.outerHtml()).as("missing texts").doesNotContain("??");
            for (Element row : page.select("tbody tr")) {
                assertThat(row.child(1).wholeText())
                        .isEqualTo(title(row.child(0).text()));
            }
        }
        assertThat(page("/console/removals?from=50").select("tbody tr")).hasSize(6);
        String path = "/console/removals/" + held.id() + "/approve";
        assertThat(page(path).select("h1, button.danger").eachText()).allMatch(text -> text.contains("56"));

        assertThat(website.unredirected("POST", path, "offers=56", "Cookie", session)
                        .statusCode())
                .as("without the token")
                .isEqualTo(403);
        assertThat(post(path, "offers", "55")).endsWith("result=changed");
        assertThat(mirror.relais().sweeps().held()).isPresent();

        try (CapturedLog log = CapturedLog.ofApplication(Level.WARN)) {
            assertThat(post(path, null, null)).endsWith("result=started");
            assertThat(log.all())
                    .anyMatch(line -> line.endsWith("The removals of sweep " + held.id() + " were approved by anna"));
        }
        await().atMost(Duration.ofSeconds(30))
                .until(() -> mirror.relais().sweeps().last(1).get(0).state() == SweepState.PROVED);
        assertThat(mirror.offers()).isEqualTo(Mirror.offers(source));
        assertThat(page("/console/removals").select("#removals-state").text())
                .contains("approved by anna", "56 offers removed");
        assertThat(postForm(path, page("/console/removals"), "offers=56")).endsWith("result=gone");
        assertThat(website.unredirected("GET", path, "", "Cookie", session)
                        .headers()
                        .firstValue("Location")
                        .orElse(""))
                .endsWith("result=gone");
    }

    @Test
    void an_auditor_sees_every_page_and_changes_nothing() throws Exception {
        SweepSummary held = hold();
        for (String path : List.of(
                "/console",
                "/console/sweeps",
                "/console/removals",
                "/console/reports",
                "/console/set-aside",
                "/console/routes",
                "/console/events",
                "/console/duties",
                "/console/licence",
                "/console/ledger",
                "/console/ledger/check")) {
            var page = website.unredirected("GET", path, "", "Cookie", auditor);
            assertThat(page.statusCode()).as(path).isEqualTo(200);
            assertThat(Jsoup.parse(page.body()).select("main form, main a.danger, form:not([action=/console/logout])"))
                    .as(path)
                    .isEmpty();
        }

        String approve = "/console/removals/" + held.id() + "/approve";
        assertThat(website.unredirected("GET", approve, "", "Cookie", auditor).statusCode())
                .isEqualTo(403);
        String token = Website.csrf(website.unredirected("GET", "/console", "", "Cookie", auditor));
        for (String path : List.of(approve, "/console/events/replay", "/console/reports/2026-10/resend")) {
            var refused = website.unredirected("POST", path, "offers=56&_csrf=" + token, "Cookie", auditor);
            assertThat(refused.statusCode()).as(path).isEqualTo(403);
            assertThat(refused.body()).contains("An auditor sees everything and changes nothing");
        }
        assertThat(mirror.relais().sweeps().held()).isPresent();
    }

    @Test
    void an_operator_records_a_notice_and_refuses_the_version() throws Exception {
        LocalDate today = LocalDate.now(ZoneId.of("Europe/Paris"));

        assertThat(upload("2026-2", today.toString(), "le texte").statusCode()).isEqualTo(302);
        assertThat(page("/console/licence").select("tbody tr").text())
                .contains(
                        "2026-2",
                        "pending",
                        "licence.pdf",
                        DigestUtils.sha256Hex("le texte").substring(0, 12));

        HttpResponse<String> again = upload("2026-2", today.toString(), "le texte");
        assertThat(again.statusCode()).isEqualTo(422);
        Document refused = Jsoup.parse(again.body());
        assertThat(refused.select("#refusal").text())
                .contains("Nothing was recorded", "2026-2 is in the register already");
        assertThat(refused.select("#version").val()).isEqualTo("2026-2");
        assertThat(upload("2026-3", today.plusDays(1).toString(), "x").statusCode())
                .isEqualTo(422);
        assertThat(upload("2026-3", today.toString(), "").statusCode()).isEqualTo(422);

        assertThat(post("/console/licence/2026-2/refuse", null, null)).endsWith("result=refuse");
        assertThat(page("/console/licence?result=refuse").text()).contains("refused", "Relais goes on as before");
        assertThat(website.unredirected("GET", "/console/licence/2026-2/refuse", "", "Cookie", session)
                        .headers()
                        .firstValue("Location")
                        .orElse(""))
                .endsWith("result=changed");

        String change = "informed=" + today + "&effective=&summary=" + encode("Un champ disparaît");
        assertThat(postForm("/console/licence/changes", page("/console/licence"), change))
                .endsWith("result=api-change");
        assertThat(page("/console/licence?lang=fr").text()).contains("Un champ disparaît");

        List<String> entries = new ArrayList<>();
        mirror.relais().ledger().read(entry -> {
            if (entry.content().orElseThrow().kind().equals("licence")) {
                entries.add(entry.data().path("event").asText() + " by "
                        + entry.data().path("by").asText());
            }
        });
        assertThat(entries).containsExactly("notice by anna", "refused by anna", "api-change by anna");
    }

    @Test
    void the_page_of_the_duties_shows_every_clause_with_its_state_and_links_to_its_evidence() throws Exception {
        Elements rows = page("/console/duties").select("#duties tbody tr");

        List<Duty> duties = mirror.relais().duties().read().duties();
        assertThat(rows).hasSameSizeAs(duties);
        for (int i = 0; i < rows.size(); i++) {
            Clause clause = duties.get(i).clause();
            assertThat(rows.get(i).text())
                    .contains(clause.article(), clause.duty(), clause.mechanism(), clause.evidence());
            assertThat(rows.get(i).select("code").eachText()).isEqualTo(clause.settings());
            assertThat(rows.get(i).select(".badge").text())
                    .isEqualTo(duties.get(i).state().toString().replace('-', ' '));
            for (Element link : rows.get(i).select("a")) {
                assertThat(website.unredirected("GET", link.attr("href"), "", "Cookie", session)
                                .statusCode())
                        .as(link.attr("href"))
                        .isEqualTo(200);
            }
        }
        assertThat(rows.select("a")).isNotEmpty();
    }

    @Test
    void the_pack_of_the_console_is_that_of_the_command() throws Exception {
        long files = temporaryPacks();

        HttpResponse<byte[]> answer = website.download("/console/duties/pack", "Cookie", auditor);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/zip");
        ByteArrayOutputStream command = new ByteArrayOutputStream();
        Instant until = mirror.relais()
                .overPipeline()
                .auditPack()
                .write(command, Optional.empty())
                .until();
        assertThat(answer.body()).isEqualTo(command.toByteArray());
        assertThat(answer.headers().firstValue("Content-Disposition"))
                .contains("attachment; filename=\"relais-audit-"
                        + until.toString().replace(':', '-') + ".zip\"");
        await().untilAsserted(() -> assertThat(temporaryPacks()).isEqualTo(files));
    }

    private static long temporaryPacks() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("relais-audit-pack"))
                    .count();
        }
    }

    private static HttpResponse<String> upload(String version, String informed, String text) throws Exception {
        String token = page("/console/licence").selectFirst("input[name=_csrf]").val();
        StringBuilder form = new StringBuilder();
        Map.of("version", version, "informed", informed, "_csrf", token)
                .forEach((name, value) -> form.append(
                        "--limit\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n"));
        form.append("--limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"licence.pdf\"\r\n"
                + "Content-Type: application/pdf\r\n\r\n" + text + "\r\n--limit--\r\n");
        return website.upload("/console/licence/notices", "limit", form.toString(), "Cookie", session);
    }

    @Test
    void the_ledger_shows_its_entries_and_whether_they_are_intact() throws Exception {
        assertThat(page("/console/ledger").select("tbody tr")).isNotEmpty();
        assertThat(page("/console/ledger/check").select(".notice.good").text()).contains("as they were written");

        mirror.jdbc
                .sql("update ledger set text = replace(text, '\"kind\"', '\"Kind\"') where number = 1")
                .update();
        try {
            assertThat(page("/console/ledger/check?lang=fr")
                            .select(".notice.bad")
                            .text())
                    .contains("Le registre a été modifié", "Entry 1");
        } finally {
            mirror.jdbc
                    .sql("update ledger set text = replace(text, '\"Kind\"', '\"kind\"') where number = 1")
                    .update();
        }
    }

    @Test
    void the_ledger_shows_a_damaged_entry_as_damaged() throws Exception {
        for (String damage :
                List.of("left(text, length(text) - 1)", "replace(text, '\"at\":\"', '\"at\":\"x')", "''")) {
            String before = mirror.jdbc
                    .sql("select text from ledger where number = 1")
                    .query(String.class)
                    .single();
            mirror.jdbc
                    .sql("update ledger set text = " + damage + " where number = 1")
                    .update();
            try {
                assertThat(page("/console/ledger?before=2").select("tbody tr").text())
                        .as(damage)
                        .contains("This entry is damaged");
            } finally {
                mirror.jdbc
                        .sql("update ledger set text = ? where number = 1")
                        .param(before)
                        .update();
            }
        }
    }

    @Test
    void an_operator_refuses_removals_and_nothing_is_lost() throws Exception {
        SweepSummary held = hold();
        int offers = mirror.offers().size();

        assertThat(post("/console/removals/" + held.id() + "/refuse", null, null))
                .endsWith("result=refused");

        assertThat(mirror.offers()).hasSize(offers);
        assertThat(page("/console/removals?result=refused").text())
                .contains("No offer was removed", "the removals were refused by anna");
    }

    private static String title(String id) {
        return mirror.jdbc
                .sql("select coalesce(intitule, '–') from offer where id = :id")
                .param("id", id)
                .query(String.class)
                .single();
    }

    /** Makes the source drop most offers, and sweeps. */
    private static SweepSummary hold() {
        mirror.offers().keySet().stream().skip(mirror.offers().size() - 56L).forEach(source.base()::remove);
        SweepSummary held = mirror.sweep();
        assertThat(held.state()).isEqualTo(SweepState.HELD);
        return held;
    }

    @Test
    void an_operator_sees_the_file_of_a_month_and_has_it_sent_again() throws Exception {
        mirror.jdbc
                .sql("replace into monthly_report (month, state, opened_at) values (:month, 'open', :month)")
                .param("month", MONTH.atDay(1))
                .update();
        mirror.jdbc
                .sql("delete from view_count where month = :month")
                .param("month", MONTH.atDay(1))
                .update();
        for (int i = 0; i < 30; i++) {
            mirror.jdbc
                    .sql("insert into view_count (month, offer_id, views) values (:month, :id, 2)")
                    .param("month", MONTH.atDay(1))
                    .param("id", String.format("A%06d", i))
                    .update();
        }
        String path = "/console/reports/" + MONTH;
        assertThat(page("/console/reports").select("a[href=" + path + "]")).hasSize(1);
        for (String language : List.of("en", "fr")) {
            Document page = page(path + "?lang=" + language);
            assertThat(page.select("pre").text().lines()).hasSize(20).contains(MONTH + ";ENSEMBLE;;60");
            assertThat(page.text())
                    .contains("32")
                    .contains("relais@example.org")
                    .doesNotContain("??");
        }

        assertThat(post(path + "/resend", "state", "prepared")).endsWith("result=changed");
        assertThat(post(path + "/resend", null, null)).endsWith("result=resend");

        await().atMost(Duration.ofSeconds(20))
                .until(() -> mirror.relais().reports().of(MONTH).state() == ReportState.ACCEPTED);
        assertThat(mirror.relais().reports().prepareResend(MONTH, ReportState.PREPARED, 0, null))
                .as("a second click at the same time")
                .isEmpty();
        assertThat(mirror.relais().reports().of(MONTH).state()).isEqualTo(ReportState.ACCEPTED);
        Document sent = page(path);
        HttpResponse<String> csv = website.get(path + "/csv", "Cookie", session);
        assertThat(csv.headers().firstValue("Content-Disposition").orElse(""))
                .contains("attachment", "consultations-" + MONTH + ".csv");
        assertThat(sent.text()).contains(DigestUtils.sha256Hex(csv.body().getBytes(StandardCharsets.UTF_8)));
        assertThat(sent.select("a[href$=/delivered]")).isEmpty();
        assertThat(website.unredirected("GET", path + "/delivered", "", "Cookie", session)
                        .headers()
                        .firstValue("Location")
                        .orElse(""))
                .endsWith("result=unavailable");

        mirror.jdbc.sql("update monthly_report set state = 'failed'").update();
        assertThat(post(path + "/delivered", null, null)).endsWith("result=delivered");
        assertThat(mirror.relais().reports().of(MONTH).state()).isEqualTo(ReportState.ACCEPTED);
    }

    @Test
    void an_operator_starts_a_replay() throws Exception {
        Document page = page("/console/events");
        assertThat(page.select("dd").eachText()).contains("file");
        assertThat(page.text()).doesNotContain("secret");
        mirror.jdbc.sql("delete from outbox").update();

        assertThat(post("/console/events/replay", null, null)).endsWith("result=started");

        int events = mirror.offers().size() + 2;
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(mirror.jdbc
                        .sql("select count(*) from outbox")
                        .query(Integer.class)
                        .single())
                .isEqualTo(events));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        page("/console/events?lang=en").select("#events-state").text())
                .contains("has recorded all its events", "offer.updated"));
    }

    private static Document page(String path) throws Exception {
        HttpResponse<String> answer = website.get(path, "Cookie", session, "Accept-Language", "en");
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return Jsoup.parse(answer.body());
    }

    /**
     * Opens a page that asks for a confirmation, and sends its form.
     *
     * @param field a field to send with another value, or null
     * @return the address of the next page
     */
    private static String post(String path, String field, String value) throws Exception {
        Document page = page(path);
        if (field != null) {
            page.select("main input[name=" + field + "]").val(value);
        }
        StringBuilder form = new StringBuilder();
        for (Element input : page.select("main form input:not([name=_csrf])")) {
            form.append(input.attr("name")).append('=').append(input.val()).append('&');
        }
        return postForm(path, page, form.toString());
    }

    private static String postForm(String path, Document page, String form) throws Exception {
        String token = page.selectFirst("input[name=_csrf]").val();
        HttpResponse<String> answer =
                website.unredirected("POST", path, form + "&_csrf=" + encode(token), "Cookie", session);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(302);
        return answer.headers().firstValue("Location").orElse("");
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
