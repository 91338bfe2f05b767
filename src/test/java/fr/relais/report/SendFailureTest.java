package fr.relais.report;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.net.SocketException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class SendFailureTest {

    @Test
    void a_failure_before_the_mail_leaves_the_report_prepared_and_quotes_no_address() {
        assertThat(SendFailure.beforeMail(new IllegalStateException("sftp://user:s3cr3t@host", new SocketException())))
                .isEqualTo(new SendFailure(
                        ReportState.PREPARED,
                        "the report could not be delivered: IllegalStateException, caused by SocketException"));
        assertThat(SendFailure.beforeMail(
                        new IllegalStateException(new MailNotCreated("relais.report.from is missing", null))))
                .isEqualTo(new SendFailure(ReportState.PREPARED, "relais.report.from is missing"));
    }

    @Test
    void a_refused_login_or_connection_leaves_the_report_prepared() {
        assertThat(SendFailure.of(new AuthenticationFailedException("535 user")))
                .isEqualTo(new SendFailure(ReportState.PREPARED, "the mail server refuses the user or the password"));
        assertThat(SendFailure.of(new MessagingException("smtp.example.org", new UnknownHostException())))
                .isEqualTo(new SendFailure(ReportState.PREPARED, "the mail server cannot be reached"));
    }

    @Test
    void after_a_broken_connection_the_report_may_have_been_sent() {
        assertThat(SendFailure.of(new MessagingException("250 ok", new SocketException("reset"))))
                .isEqualTo(new SendFailure(
                        ReportState.SUBMITTING, "the connection to the mail server failed: SocketException"));
    }
}
