package fr.relais.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.argThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.ArgumentMatchers.isNull;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.verifyNoInteractions;
import static org.mockito.Mockito.when;

import fr.relais.failure.Failures;
import fr.relais.report.MailNotCreated;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.report.ReportMail;
import fr.relais.report.ReportState;
import fr.relais.sweep.RestoreCheck;
import java.net.SocketException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.Builder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

/** {@code 60-report.camel.yaml} */
class ReportRouteTest extends RouteTest {

    private static final byte[] CSV = "mois;perimetre;identifiant_offre;consultations\r\n".getBytes(UTF_8);
    private static final MonthlyReport NOVEMBER = report(11);

    private final MonthlyReports reports = mock(MonthlyReports.class);
    private final RestoreCheck restoreCheck = mock(RestoreCheck.class);
    private final ReportMail mails = new ReportMail("relais@example.org", "to@example.net", "", "", "");

    ReportRouteTest() {
        super("60-report");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.report.uri", "mock:mail-server", "relais.report.evidence", "direct:mailbox");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisMonthlyReports", reports);
        beans.bind("relaisRestoreCheck", restoreCheck);
        beans.bind("relaisReportMail", mails);
        when(reports.claim(any())).thenReturn(true);
        when(reports.csv(any())).thenReturn(CSV);
    }

    @Test
    void due_months_are_frozen_their_reports_sent_one_by_one_and_old_counts_deleted() {
        MonthlyReport december = report(12);
        when(reports.nextDue()).thenReturn(NOVEMBER, december, null);

        template.sendBody("direct:relais-report", null);

        InOrder order = inOrder(restoreCheck, reports);
        order.verify(restoreCheck).check();
        order.verify(reports).freezeDueMonths();
        order.verify(reports).claim(NOVEMBER);
        order.verify(reports).markAccepted(NOVEMBER, null);
        order.verify(reports).claim(december);
        order.verify(reports).markAccepted(december, null);
        order.verify(reports).deleteOldCounts();
    }

    @Test
    void nothing_is_frozen_or_sent_while_a_restore_cannot_be_excluded() {
        when(restoreCheck.check()).thenThrow(new IllegalStateException("the database is down"));

        assertThatThrownBy(() -> template.sendBody("direct:relais-report", null))
                .hasRootCauseMessage("the database is down");

        verifyNoInteractions(reports);
    }

    @Test
    void the_csv_is_the_body_before_it_becomes_a_mail() throws Exception {
        AdviceWith.adviceWith(context, "relais-deliver-report", route -> route.weaveByToUri("direct:relais-mail-report")
                .before()
                .to("mock:folder"));
        MockEndpoint folder = getMockEndpoint("mock:folder");
        folder.expectedBodiesReceived(CSV);
        folder.expectedHeaderReceived(Exchange.FILE_NAME, "consultations-2026-11.csv");
        folder.expectedHeaderReceived(Exchange.CONTENT_TYPE, "text/csv; charset=UTF-8");
        MockEndpoint mailServer = getMockEndpoint("mock:mail-server");
        mailServer.expectedMessageCount(1);
        mailServer.message(0).body().isInstanceOf(ReportMail.Mail.class);

        template.sendBody("direct:relais-send-report", NOVEMBER);

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void a_report_that_another_process_has_claimed_is_skipped() throws Exception {
        when(reports.claim(NOVEMBER)).thenReturn(false);
        getMockEndpoint("mock:mail-server").expectedMessageCount(0);

        template.sendBody("direct:relais-send-report", NOVEMBER);

        MockEndpoint.assertIsSatisfied(context);
        verify(reports, never()).recordFailure(any(), any(), any());
    }

    @Test
    void a_failure_of_the_mail_server_is_recorded_with_the_mail() throws Exception {
        AdviceWith.adviceWith(context, "relais-mail-report", route -> route.weaveById("relais-to-mail-server")
                .replace()
                .throwException(new SocketException("reset")));

        template.sendBody("direct:relais-send-report", NOVEMBER);

        verify(reports).recordFailure(eq(NOVEMBER), any(ReportMail.Mail.class), any(SocketException.class));
        verify(reports, never()).markAccepted(any(), any());
    }

    @Test
    void a_failure_before_the_mail_is_recorded_without_a_mail() throws Exception {
        AdviceWith.adviceWith(context, "relais-deliver-report", route -> route.weaveByToUri("direct:relais-mail-report")
                .before()
                .throwException(new SocketException("the file server is down")));

        template.sendBody("direct:relais-send-report", NOVEMBER);

        verify(reports).recordFailure(eq(NOVEMBER), isNull(), any(SocketException.class));
    }

    @Test
    void a_csv_that_differs_from_the_frozen_one_is_not_mailed() throws Exception {
        AdviceWith.adviceWith(context, "relais-deliver-report", route -> route.weaveByToUri("direct:relais-mail-report")
                .before()
                .setBody(Builder.constant("changed".getBytes(UTF_8))));
        getMockEndpoint("mock:mail-server").expectedMessageCount(0);

        template.sendBody("direct:relais-send-report", NOVEMBER);

        MockEndpoint.assertIsSatisfied(context);
        verify(reports).recordFailure(eq(NOVEMBER), isNull(), argThat(failure -> Failures.causes(failure)
                .anyMatch(MailNotCreated.class::isInstance)));
    }

    @Test
    void a_failure_after_the_mail_server_accepted_the_mail_is_recorded_with_the_accepted_mail() throws Exception {
        AdviceWith.adviceWith(context, "relais-deliver-report", route -> route.weaveAddLast()
                .throwException(new SocketException("the file server is down")));

        template.sendBody("direct:relais-send-report", NOVEMBER);

        verify(reports).recordFailure(eq(NOVEMBER), argThat(ReportMail.Mail::isAccepted), any(SocketException.class));
    }

    @Test
    void without_a_mail_server_the_report_waits() throws Exception {
        AdviceWith.adviceWith(context, "relais-mail-report", route -> route.weaveById("relais-to-mail-server")
                .replace()
                .to("direct:relais-no-mail-server"));

        template.sendBody("direct:relais-send-report", NOVEMBER);

        verify(reports).recordFailure(eq(NOVEMBER), any(ReportMail.Mail.class), any(MailNotCreated.class));
    }

    @Test
    void the_timer_checks_for_due_reports() throws Exception {
        template.sendBody(trigger("relais-report-by-timer"), null);

        verify(reports).nextDue();
    }

    @Test
    void a_copy_in_the_mailbox_confirms_a_report() {
        template.sendBodyAndHeader("direct:mailbox", "", "Message-ID", "<relais.2026-11@example.org>");

        verify(reports).markConfirmed("<relais.2026-11@example.org>");
    }

    private static MonthlyReport report(int month) {
        Instant now = Instant.parse("2027-01-01T05:00:00Z");
        return new MonthlyReport(
                YearMonth.of(2026, month),
                ReportState.PREPARED,
                now,
                now,
                false,
                false,
                0,
                0,
                DigestUtils.sha256Hex(CSV),
                0,
                null,
                null,
                null,
                false,
                "1:0");
    }
}
