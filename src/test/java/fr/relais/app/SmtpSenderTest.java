package fr.relais.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.report.MonthlyReport;
import fr.relais.report.RefusingMailServer;
import fr.relais.report.ReportMail;
import fr.relais.report.ReportState;
import jakarta.mail.MessagingException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class SmtpSenderTest {

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
                            DigestUtils.sha256Hex(new byte[0]),
                            0,
                            null,
                            null,
                            null,
                            false,
                            "1:0"),
                    new byte[0]);

    @Test
    void the_last_reply_is_recorded_whether_the_mail_is_accepted_or_not() throws Exception {
        try (RefusingMailServer server = new RefusingMailServer()) {
            StandardEnvironment environment = new StandardEnvironment();
            environment
                    .getPropertySources()
                    .addFirst(new MapPropertySource(
                            "test", Map.of("spring.mail.host", "127.0.0.1", "spring.mail.port", server.port())));
            SmtpSender sender = new SmtpSender(environment);
            server.answer(RefusingMailServer.GREETING, "554 5.7.1 go away");
            assertThatThrownBy(() -> sender.send(mail)).isInstanceOf(MessagingException.class);
            assertThat(mail.getServerReply()).startsWith("554 5.7.1 go away");

            server.acceptEverything();
            sender.send(mail);
            assertThat(mail.getServerReply()).startsWith("250 2.0.0 queued as 42");
        }
    }
}
