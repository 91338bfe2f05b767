package fr.relais.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import fr.relais.Mirror;
import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SettableClock;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.views.View;
import fr.relais.views.Views;
import fr.relais.watch.Alerts;
import jakarta.mail.Message;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Execution(ExecutionMode.CONCURRENT)
class ReportIT {

    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final YearMonth NOVEMBER = YearMonth.of(2026, 11);
    private static final String ROBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-10T12:00:00Z"));
    private final GreenMail mail = new GreenMail(
            new ServerSetup[] {new ServerSetup(0, "127.0.0.1", "smtp"), new ServerSetup(0, "127.0.0.1", "imap")});
    private SourceSimulator source;
    private Mirror mirror;
    private List<String> ids;

    @BeforeEach
    void start() throws Exception {
        mail.start();
        source = SourceSimulator.start(SimulatorOptions.defaults().withClock(clock));
        new OfferGenerator(1).fill(source.base(), 5, clock.instant(), Duration.ofDays(5), "1");
        mirror = Mirror.of(source)
                .with("relais.report.from", "Relais <relais@example.org>")
                .with("relais.report.to", "apioffres@example.net")
                .with("relais.report.licensee", "Emplois & Cie")
                .with("relais.report.uri", "smtp://127.0.0.1:" + mail.getSmtp().getPort())
                .start(clock);
        mirror.sweep();
        ids = List.copyOf(mirror.offers().keySet());
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
        mail.stop();
    }

    @Test
    void a_month_is_frozen_on_schedule_and_its_report_mailed_once() throws Exception {
        view(0, 3);
        view(2, 1);
        at("2026-12-01T05:59:59");
        check();
        assertThat(mail.getReceivedMessages()).isEmpty();
        assertThat(mirror.relais().reports().next())
                .contains(new NextReport(NOVEMBER, Instant.parse("2026-12-01T05:00:00Z")));

        at("2026-12-01T06:00");
        check();
        check();
        assertThat(mirror.relais().reports().next())
                .contains(new NextReport(YearMonth.of(2026, 12), Instant.parse("2027-01-01T05:00:00Z")));
        mirror.start(clock);
        check();

        String csv = "mois;perimetre;identifiant_offre;consultations\r\n2026-11;ENSEMBLE;;4\r\n2026-11;OFFRE;"
                + ids.get(0) + ";3\r\n2026-11;OFFRE;" + ids.get(2) + ";1\r\n";
        MimeMessage message = onlyMail();
        assertThat(csv(message)).isEqualTo(csv);
        assertThat(message.getSubject()).isEqualTo("Consultations des offres : novembre 2026 (Emplois & Cie)");
        assertThat(message.getAllRecipients()[0]).hasToString("apioffres@example.net");
        assertThat(message.getFrom()[0]).hasToString("Relais <relais@example.org>");
        assertThat(message.getSentDate()).isEqualTo("2026-12-01T05:00:00Z");
        assertThat(text(message))
                .contains(
                        "en novembre 2026 : 4 consultations au total, pour 2 offres",
                        DigestUtils.sha256Hex(csv),
                        "article 5.4");
        assertThat(message.getMessageID())
                .isEqualTo("<relais.2026-11." + DigestUtils.sha256Hex(csv).substring(0, 16) + "@example.org>");
        assertThat(report(NOVEMBER).reason()).isNull();
        assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.ACCEPTED);
        assertThat(report(NOVEMBER).sha256()).isEqualTo(DigestUtils.sha256Hex(csv));
    }

    @Test
    void settings_decide_whether_robots_and_offers_without_views_are_reported() throws Exception {
        mirror.with("relais.report.count-robots", "true")
                .with("relais.report.zero-views", "true")
                .start(clock);
        view(0, 2);
        views().count(List.of(new View(ids.get(1), clock.instant(), null, ROBOT)));
        at("2026-12-01T06:00");
        check();
        // A frozen report stays the same when the settings or the offers change.
        source.base().remove(ids.get(4));
        mirror.with("relais.report.count-robots", "false")
                .with("relais.report.zero-views", "false")
                .start(clock);
        mirror.sweep();

        List<String> lines = csv(onlyMail()).lines().toList();
        assertThat(lines)
                .containsExactly(
                        "mois;perimetre;identifiant_offre;consultations",
                        "2026-11;ENSEMBLE;;3",
                        "2026-11;OFFRE;" + ids.get(0) + ";2",
                        "2026-11;OFFRE;" + ids.get(1) + ";1",
                        "2026-11;OFFRE;" + ids.get(2) + ";0",
                        "2026-11;OFFRE;" + ids.get(3) + ";0",
                        "2026-11;OFFRE;" + ids.get(4) + ";0");
        assertThat(new String(reports().csv(report(NOVEMBER)), UTF_8)).isEqualTo(csv(onlyMail()));
    }

    @Test
    void views_by_robots_are_left_out_by_default() throws Exception {
        view(0, 2);
        views().count(List.of(
                new View(ids.get(0), clock.instant(), "r1", ROBOT),
                new View(ids.get(1), clock.instant(), "r2", ROBOT)));
        at("2026-12-01T06:00");
        check();

        assertThat(csv(onlyMail()).lines().skip(1))
                .containsExactly("2026-11;ENSEMBLE;;2", "2026-11;OFFRE;" + ids.get(0) + ";2");
    }

    @Test
    void views_that_come_too_late_are_reported_with_the_next_month() throws Exception {
        check();
        at("2026-12-01T06:00");
        check();
        views().count(List.of(new View(ids.get(0), Instant.parse("2026-11-30T12:00:00Z"), null, null)));
        view(0, 1);
        at("2027-01-01T06:00");
        check();

        assertThat(mails()).hasSize(2);
        assertThat(csv(mails().get(0)).lines().skip(1)).containsExactly("2026-11;ENSEMBLE;;0");
        assertThat(csv(mails().get(1)).lines().skip(1))
                .containsExactly("2026-12;ENSEMBLE;;2", "2026-12;OFFRE;" + ids.get(0) + ";2");
    }

    @Test
    void every_month_of_a_year_with_outages_is_reported_once() throws Exception {
        Map<YearMonth, Integer> expected = new TreeMap<>();
        clock.set(Instant.parse("2026-10-31T23:30:00Z"));
        mirror.jdbc.sql("delete from monthly_report").update();
        for (int i = 0; i < 13; i++) {
            YearMonth month = NOVEMBER.plusMonths(i);
            boolean processDown = i == 5;
            boolean mailDown = i == 8;
            // Four checks a day, from noon of the 1st to noon of the next 1st.
            for (LocalDateTime time = month.atDay(1).atTime(12, 0);
                    time.isBefore(month.plusMonths(1).atDay(1).atTime(12, 0));
                    time = time.plusHours(6)) {
                clock.set(time.atZone(PARIS).toInstant());
                if (mailDown && time.equals(month.atDay(1).atTime(12, 0).plusDays(30))) {
                    mailDown();
                } else if (i == 9 && time.equals(month.atDay(4).atTime(12, 0))) {
                    mailUp();
                }
                if (processDown && time.getDayOfMonth() >= 28) {
                    mirror.stop();
                    continue;
                } else if (time.getDayOfMonth() == 3 && mirror.camel() == null) {
                    mirror.start(clock);
                }
                if (mirror.camel() != null) {
                    view(time.getDayOfYear() % 5, 1);
                    expected.merge(YearMonth.from(time), 1, Integer::sum);
                    check();
                }
            }
        }

        expected.remove(NOVEMBER.plusMonths(13));
        assertThat(mails().stream()
                        .map(ReportIT::csv)
                        .map(csv -> csv.lines().skip(1).findFirst().orElseThrow()))
                .containsExactlyElementsOf(expected.entrySet().stream()
                        .map(month -> month.getKey() + ";ENSEMBLE;;" + month.getValue())
                        .toList())
                .hasSize(13);
        assertThat(mails().stream().map(ReportIT::id)).doesNotHaveDuplicates();
    }

    @Test
    void months_without_a_view_are_reported_even_when_no_process_ran() throws Exception {
        view(0, 1);
        mirror.stop();
        at("2027-02-03T12:00");
        mirror.start(clock);
        view(1, 1);
        check();

        assertThat(mails().stream()
                        .map(ReportIT::csv)
                        .map(csv -> csv.lines().skip(1).findFirst().orElseThrow()))
                .containsExactly("2026-11;ENSEMBLE;;1", "2026-12;ENSEMBLE;;0", "2027-01;ENSEMBLE;;0");
    }

    @Test
    void a_new_mirror_accepts_views_of_the_previous_month_and_reports_them_on_schedule() throws Exception {
        mirror.jdbc.sql("delete from monthly_report").update();
        views().count(List.of(new View(ids.get(0), Instant.parse("2026-10-31T12:00:00Z"), null, null)));
        check();
        assertThat(mails()).isEmpty();
        at("2026-12-01T06:00");
        check();

        assertThat(mails().stream()
                        .map(ReportIT::csv)
                        .map(csv -> csv.lines().skip(1).findFirst().orElseThrow()))
                .containsExactly("2026-10;ENSEMBLE;;1", "2026-11;ENSEMBLE;;0");
    }

    @Test
    void of_two_concurrent_processes_only_one_sends_the_report() throws Exception {
        view(0, 1);
        at("2026-12-01T06:00");
        try (Mirror other = mirror.secondProcess().start(clock)) {
            CompletableFuture<?>[] checks = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.runAsync(() -> check(i % 2 == 0 ? mirror : other)))
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(checks).join();
        }

        assertThat(mails()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "greeting, 554 5.7.1 go away, prepared, the connection to the mail server failed: MessagingException",
        "EHLO, '', prepared, the connection to the mail server failed: MessagingException",
        "MAIL, 451 4.3.0 later, prepared, the mail server answered 451 4.3.0",
        "RCPT, 450 4.2.1 mailbox busy, prepared, the mail server answered 450 4.2.1",
        "RCPT, 550 5.1.1 nobody@example.net unknown, prepared, the mail server answered 550 5.1.1",
        "DATA, 452 full, prepared, the mail server answered 452",
        "., 451 4.7.1 greylisted, prepared, the mail server answered 451 4.7.1",
        "., 552 5.3.4 too large, failed, the mail server answered 552 5.3.4"
    })
    void a_rejected_report_is_retried_or_raises_an_alert(String step, String answer, String state, String reason)
            throws Exception {
        try (RefusingMailServer server = new RefusingMailServer()) {
            mirror.with("relais.report.uri", "smtp://127.0.0.1:" + server.port())
                    .start(clock);
            server.answer(step, answer);
            view(0, 1);
            at("2026-12-01T06:00");
            check();
            check();

            assertThat(report(NOVEMBER).state()).hasToString(state);
            assertThat(report(NOVEMBER).reason()).isEqualTo(reason);
            assertThat(report(NOVEMBER).attempts())
                    .as("attempts before the backoff has passed")
                    .isEqualTo(1);

            server.acceptEverything();
            clock.advance(Duration.ofMinutes(3));
            if (state.equals("failed")) {
                assertThat(reports().needingOperator())
                        .hasValueSatisfying(report -> assertThat(Alerts.unsentReport(report))
                                .contains("refused the report of 2026-11", reason, "report 2026-11 --resend"));
                check();
                assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.FAILED);
                reports().prepareResend(NOVEMBER, null);
            } else {
                assertThat(reports().needingOperator()).isEmpty();
            }
            int before = server.received().size();
            check();
            assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.ACCEPTED);
            assertThat(server.received())
                    .hasSize(before + 1)
                    .containsOnly(server.received().get(0));
        }
    }

    @Test
    void retries_back_off_while_the_mail_server_is_down_for_days() throws Exception {
        view(0, 1);
        mailDown();
        at("2026-12-01T06:00");
        for (int minute = 0; minute < 3 * 24 * 60; minute++) {
            check();
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(report(NOVEMBER).attempts()).isBetween(15, 25);
        assertThat(report(NOVEMBER).reason()).isEqualTo("the mail server cannot be reached");
        assertThat(reports().needingOperator()).hasValueSatisfying(report -> assertThat(Alerts.unsentReport(report))
                .contains("(the mail server cannot be reached) could not be sent yet"));

        mailUp();
        clock.advance(Duration.ofHours(6));
        check();

        assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.ACCEPTED);
        assertThat(mails()).hasSize(1);
    }

    @Test
    void a_report_is_not_sent_again_when_the_connection_ends_before_the_answer() throws Exception {
        try (RefusingMailServer server = new RefusingMailServer()) {
            mirror.with("relais.report.uri", "smtp://127.0.0.1:" + server.port())
                    .start(clock);
            server.answer(".", RefusingMailServer.HANG_UP);
            view(0, 1);
            at("2026-12-01T06:00");
            check();
            server.acceptEverything();
            clock.advance(Duration.ofDays(2));
            check();

            assertThat(server.received()).hasSize(1);
            assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.SUBMITTING);
            assertThat(reports().needingOperator()).hasValueSatisfying(report -> assertThat(Alerts.unsentReport(report))
                    .contains("It is unknown whether", "report 2026-11 --resend"));

            reports().prepareResend(NOVEMBER, null);
            check();
            assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.ACCEPTED);
            assertThat(server.received()).hasSize(2);
            assertThat(server.received().get(1)).isEqualTo(server.received().get(0));
        }
    }

    @Test
    void a_report_is_not_sent_again_when_a_step_after_the_mail_fails() throws Exception {
        mirror.start(clock);
        view(0, 1);
        at("2026-12-01T06:00");
        MonthlyReport report = reports().freeze(NOVEMBER);
        assertThat(reports().claim(report)).isTrue();
        ReportMail mails = new ReportMail("relais@example.org", "to@example.net", "", "", "");
        ReportMail.Mail mail = mails.message(report, reports().csv(report));
        mails.markAccepted(mail);

        reports().recordFailure(report, mail, new IOException("the file server is down"));

        assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.ACCEPTED);
        assertThat(reports().nextDue()).isNull();
    }

    @Test
    void the_outcome_of_an_attempt_is_ignored_once_a_newer_attempt_has_begun() {
        view(0, 1);
        at("2026-12-01T06:00");
        MonthlyReport first = reports().freeze(NOVEMBER);
        assertThat(reports().claim(first)).isTrue();
        MonthlyReport second = reports().prepareResend(NOVEMBER, null);
        reports().recordFailure(first, null, new IOException("late"));
        assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.PREPARED);
        assertThat(reports().claim(second)).isTrue();

        reports().markAccepted(first, "250 late");
        reports().recordFailure(first, null, new IOException("late"));
        assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.SUBMITTING);
        assertThat(report(NOVEMBER).reason()).isNull();

        reports().markAccepted(second, "250 fine");
        assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.ACCEPTED);
        assertThat(report(NOVEMBER).reply()).isEqualTo("250 fine");
    }

    @Test
    void a_copy_in_a_mailbox_of_our_own_confirms_the_report() throws Exception {
        mail.setUser("copies@example.org", "copies", "pass");
        mirror.with("relais.report.bcc", "copies@example.org")
                .with(
                        "relais.report.evidence",
                        "imap://127.0.0.1:" + mail.getImap().getPort()
                                + "?username=copies&password=pass&delay=200&initialDelay=0&unseen=true")
                .start(clock);
        view(0, 1);
        at("2026-12-01T06:00");
        check();
        // A process that dies before it receives the answer leaves this state.
        mirror.jdbc
                .sql("update monthly_report set state = 'submitting' where state = 'accepted'")
                .update();

        mirror.camel().getRouteController().startRoute("relais-reports-from-mailbox");

        await().atMost(Duration.ofSeconds(30)).until(() -> report(NOVEMBER).state() == ReportState.CONFIRMED);
        assertThat(mail.getReceivedMessages()).hasSize(2).allSatisfy(copy -> assertThat(copy.getHeader("Bcc"))
                .isNull());
    }

    @Test
    void the_counts_of_offers_are_deleted_after_the_retention() throws Exception {
        view(0, 3);
        at("2026-12-01T06:00");
        check();
        view(1, 1);
        byte[] csv = reports().csv(report(NOVEMBER));
        clock.advance(Duration.ofDays(34));
        check();
        assertThat(reports().csv(report(NOVEMBER))).as("a resend is identical").isEqualTo(csv);
        clock.advance(Duration.ofDays(2));
        check();

        assertThat(mirror.jdbc
                        .sql("select distinct month from view_count")
                        .query(String.class)
                        .list())
                .containsExactly("2026-12-01");
        assertThatThrownBy(() -> reports().csv(report(NOVEMBER)))
                .hasMessageContaining("Only the totals of 2026-11 are left: 3 views of 1 offers")
                .hasMessageContaining(DigestUtils.sha256Hex(csv));
        assertThatThrownBy(() -> reports().prepareResend(NOVEMBER, null))
                .hasMessageContaining("Only the totals of 2026-11");
    }

    @Test
    void a_report_that_is_never_accepted_is_given_up_after_400_days() throws Exception {
        view(0, 3);
        mail.stop();
        at("2026-12-01T06:00");
        check();
        clock.advance(Duration.ofDays(399));
        check();
        assertThat(reports().needingOperator()).map(MonthlyReport::month).contains(NOVEMBER);
        assertThat(reports().csv(report(NOVEMBER))).isNotEmpty();

        clock.advance(Duration.ofDays(2));
        check();

        assertThat(mirror.jdbc
                        .sql("select count(*) from view_count")
                        .query(Integer.class)
                        .single())
                .isZero();
        assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.FAILED);
        assertThat(report(NOVEMBER).reason()).startsWith("it was not accepted for 400 days");
        assertThat(reports().needingOperator()).map(MonthlyReport::month).isNotEqualTo(Optional.of(NOVEMBER));
    }

    @Test
    void a_report_is_not_sent_when_its_counts_have_changed() {
        view(0, 3);
        at("2026-12-01T06:00");
        reports().freezeDueMonths();
        mirror.jdbc.sql("update view_count set views = views + 1").update();
        check();

        assertThat(mails()).isEmpty();
        assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.PREPARED);
        assertThat(report(NOVEMBER).reason()).contains("have changed since the month was frozen");
    }

    @Test
    void a_report_waits_for_a_missing_sender_or_mail_server_and_gives_the_reason() throws Exception {
        view(0, 1);
        mirror.with("relais.report.from", "").start(clock);
        at("2026-12-01T06:00");
        check();
        assertThat(report(NOVEMBER).reason()).isEqualTo("relais.report.from is missing");

        mirror.with("relais.report.from", "relais@example.org")
                .with("relais.report.uri", "direct:relais-no-mail-server")
                .start(clock);
        clock.advance(Duration.ofHours(1));
        check();
        assertThat(report(NOVEMBER).state()).isEqualTo(ReportState.PREPARED);
        assertThat(report(NOVEMBER).reason()).contains("no mail server is configured: set spring.mail.host");
    }

    @Test
    void the_report_of_the_current_month_can_be_read_but_not_sent() {
        view(0, 2);

        assertThat(new String(reports().csv(reports().of(NOVEMBER)), UTF_8)).contains("2026-11;ENSEMBLE;;2\r\n");
        assertThatThrownBy(() -> reports().freeze(NOVEMBER))
                .hasMessage("The month 2026-11 is not over, so its report cannot be sent yet");
        assertThatThrownBy(() -> reports().of(YearMonth.of(2020, 1)))
                .hasMessage("No view was counted in the month 2020-01");
    }

    private void view(int offer, int times) {
        for (int i = 0; i < times; i++) {
            views().count(List.of(new View(ids.get(offer), clock.instant(), offer + " " + clock.instant() + i, null)));
        }
    }

    private void at(String paris) {
        clock.set(LocalDateTime.parse(paris).atZone(PARIS).toInstant());
    }

    private void check() {
        check(mirror);
    }

    private static void check(Mirror mirror) {
        mirror.camel().createProducerTemplate().requestBody("direct:relais-report", (Object) null);
    }

    private Views views() {
        return mirror.relais().views();
    }

    private MonthlyReports reports() {
        return mirror.relais().reports();
    }

    private MonthlyReport report(YearMonth month) {
        return reports().of(month);
    }

    private void mailUp() throws Exception {
        mirror.with("relais.report.uri", "smtp://127.0.0.1:" + mail.getSmtp().getPort())
                .start(clock);
    }

    /** Sends mails to a port at which no server listens. */
    private void mailDown() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            mirror.with("relais.report.uri", "smtp://127.0.0.1:" + socket.getLocalPort());
        }
        mirror.start(clock);
    }

    private List<MimeMessage> mails() {
        return Arrays.asList(mail.getReceivedMessages());
    }

    private MimeMessage onlyMail() {
        assertThat(mails()).hasSize(1);
        return mails().get(0);
    }

    private static String id(MimeMessage message) {
        try {
            return message.getMessageID();
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String csv(Message message) {
        return new String(part(message, 1), UTF_8);
    }

    private static String text(Message message) {
        return new String(part(message, 0), UTF_8);
    }

    private static byte[] part(Message message, int number) {
        try {
            Part part = ((MimeMultipart) message.getContent()).getBodyPart(number);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            part.getDataHandler().writeTo(bytes);
            return bytes.toByteArray();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
