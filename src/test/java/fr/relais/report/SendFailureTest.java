package fr.relais.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Properties;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendFailureTest {

    private static final byte[] CSV = "mois;perimetre;identifiant_offre;consultations\r\n".getBytes(UTF_8);

    private final ReportMail.Mail mail = new ReportMail("relais@example.org", "to@example.net", "", "", "")
            .message(
                    new MonthlyReport(
                            YearMonth.of(2026, 11),
                            ReportState.PREPARED,
                            Instant.EPOCH,
                            Instant.EPOCH,
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
                            "1:0"),
                    CSV);

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({
        "greeting, 554 5.7.1 go away",
        "greeting, 421 4.3.2 try later",
        "greeting, hello",
        "greeting, ''",
        "EHLO, 421 4.3.2 try later",
        "EHLO, 550 5.7.1 go away",
        "EHLO, ''",
        "STARTTLS, 454 4.7.0 no certificate",
        "STARTTLS, 554 5.7.1 go away",
        "STARTTLS, ''",
        "AUTH, 454 4.7.0 try later",
        "AUTH, 421 4.3.2 try later",
        "AUTH, 535 5.7.8 relais@example.org is unknown",
        "AUTH, ''",
        "MAIL, 421 4.3.2 try later",
        "MAIL, 451 4.3.0 try later",
        "MAIL, 550 5.7.1 go away",
        "MAIL, ''",
        "RCPT, 421 4.3.2 try later",
        "RCPT, 450 4.2.1 mailbox busy",
        "RCPT, 550 5.1.1 to@example.net is unknown",
        "RCPT, ''",
        "DATA, 421 4.3.2 try later",
        "DATA, 452 4.3.1 full",
        "DATA, 554 5.5.1 no valid recipients",
        "DATA, ''"
    })
    void a_report_was_not_sent_when_the_mail_server_refuses_or_hangs_up_before_the_content(String step, String answer)
            throws Exception {
        assertThat(sendTo(step, answer)).satisfies(failure -> {
            assertThat(failure.state()).isEqualTo(ReportState.PREPARED);
            assertThat(failure.reason()).doesNotContain("@");
        });
    }

    @Test
    void a_report_was_not_sent_when_the_mail_server_cannot_speak_tls() throws Exception {
        try (RefusingMailServer server = new RefusingMailServer()) {
            assertThat(sendTo(server, true).state()).isEqualTo(ReportState.PREPARED);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "421 4.3.2 try later, PREPARED, the mail server answered 421 4.3.2",
        "451 4.7.1 greylisted, PREPARED, the mail server answered 451 4.7.1",
        "552 5.3.4 too large, FAILED, the mail server answered 552 5.3.4",
        "hello, SUBMITTING, the connection to the mail server failed: SMTPSendFailedException",
        "'', SUBMITTING, the connection to the mail server failed: SMTPSendFailedException"
    })
    void after_the_content_only_an_answer_says_that_the_report_was_not_sent(
            String answer, ReportState state, String reason) throws Exception {
        assertThat(sendTo(".", answer)).isEqualTo(new SendFailure(state, reason));
    }

    @Test
    void a_report_was_not_sent_when_the_connection_breaks_in_the_middle_of_the_content() {
        OutputStream broken = new OutputStream() {
            private int room = 500;

            @Override
            public void write(int b) throws IOException {
                if (room-- == 0) {
                    throw new SocketException("reset");
                }
            }
        };

        Throwable failure = catchThrowable(() -> mail.writeTo(broken));

        assertThat(SendFailure.of(mail, failure))
                .isEqualTo(new SendFailure(
                        ReportState.PREPARED, "the connection to the mail server failed: SocketException"));
    }

    @Test
    void a_failure_before_the_mail_leaves_the_report_prepared_and_quotes_no_address() {
        assertThat(SendFailure.of(null, new IllegalStateException("sftp://user:s3cr3t@host", new SocketException())))
                .isEqualTo(new SendFailure(
                        ReportState.PREPARED,
                        "the report could not be delivered: IllegalStateException, caused by SocketException"));
        assertThat(SendFailure.of(
                        null, new IllegalStateException(new MailNotCreated("relais.report.from is missing", null))))
                .isEqualTo(new SendFailure(ReportState.PREPARED, "relais.report.from is missing"));
    }

    @Test
    void a_recorded_reply_is_the_reason_when_the_failure_has_none() {
        mail.setServerReply(554, "554 5.7.1 to@example.net is not wanted");

        assertThat(SendFailure.of(mail, new MessagingException("Could not connect")))
                .isEqualTo(new SendFailure(ReportState.PREPARED, "the mail server answered 554 5.7.1"));
    }

    @Test
    void an_unreachable_mail_server_leaves_the_report_prepared() {
        assertThat(SendFailure.of(mail, new MessagingException("smtp.example.org", new UnknownHostException())))
                .isEqualTo(new SendFailure(ReportState.PREPARED, "the mail server cannot be reached"));
    }

    private SendFailure sendTo(String step, String answer) throws Exception {
        try (RefusingMailServer server = new RefusingMailServer()) {
            server.answer(step, answer);
            return sendTo(server, step.equals("STARTTLS"));
        }
    }

    private SendFailure sendTo(RefusingMailServer server, boolean withTls) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("mail.smtp.auth", "true");
        properties.setProperty("mail.smtp.starttls.enable", Boolean.toString(withTls));
        properties.setProperty("mail.smtp.timeout", "10000");
        Transport transport = Session.getInstance(properties).getTransport("smtp");
        return SendFailure.of(mail, catchThrowable(() -> {
            transport.connect("127.0.0.1", server.port(), "relais", "secret");
            transport.sendMessage(mail, mail.getAllRecipients());
        }));
    }
}
