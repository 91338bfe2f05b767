package fr.relais.report;

import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import jakarta.mail.AuthenticationFailedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.util.MailConnectException;

/**
 * The consequence of a failed attempt to send a report.
 *
 * @param state {@code PREPARED} when the report was certainly not sent and is retried, {@code FAILED} when the mail
 *     server rejected it permanently, {@code SUBMITTING} when it may have been sent
 * @param reason why it failed; quotes no address and no secret
 */
record SendFailure(ReportState state, String reason) {

    private static final Pattern ENHANCED_STATUS = Pattern.compile("\\b[45]\\.\\d{1,3}\\.\\d{1,3}\\b");

    /** Classifies a failure that came before the mail was made. */
    static SendFailure beforeMail(Throwable failure) {
        return new SendFailure(
                ReportState.PREPARED,
                Failures.causes(failure)
                        .filter(RelaisException.class::isInstance)
                        .map(Throwable::getMessage)
                        .findFirst()
                        .orElseGet(() -> "the report could not be delivered: " + Failures.types(failure)));
    }

    /** Classifies a failure of the mail server or of the connection to it. */
    static SendFailure of(Throwable failure) {
        List<Throwable> causes = Failures.causes(failure)
                .flatMap(cause ->
                        cause instanceof jakarta.mail.MessagingException mail && mail.getNextException() != null
                                ? Stream.of(cause, mail.getNextException())
                                : Stream.of(cause))
                .toList();
        for (Throwable cause : causes) {
            int code = code(cause);
            if (code >= 400) {
                return new SendFailure(
                        code < 500 ? ReportState.PREPARED : ReportState.FAILED,
                        "the mail server answered " + code + enhancedStatus(cause));
            } else if (cause instanceof AuthenticationFailedException) {
                return new SendFailure(ReportState.PREPARED, "the mail server refuses the user or the password");
            } else if (cause instanceof MailConnectException
                    || cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnknownHostException) {
                return new SendFailure(ReportState.PREPARED, "the mail server cannot be reached");
            } else if (cause instanceof MailNotCreated) {
                return new SendFailure(ReportState.PREPARED, cause.getMessage());
            }
        }
        return new SendFailure(
                ReportState.SUBMITTING,
                "the connection to the mail server failed: "
                        + causes.get(causes.size() - 1).getClass().getSimpleName());
    }

    /** Returns the SMTP reply code, or -1 when the exception has none. */
    private static int code(Throwable cause) {
        if (cause instanceof SMTPSendFailedException refused) {
            return refused.getReturnCode();
        } else if (cause instanceof SMTPAddressFailedException refused) {
            return refused.getReturnCode();
        } else if (cause instanceof SMTPSenderFailedException refused) {
            return refused.getReturnCode();
        }
        return -1;
    }

    /** Returns the enhanced status code (RFC 3463) after a space, or nothing when the server sent none. */
    private static String enhancedStatus(Throwable cause) {
        Matcher status = ENHANCED_STATUS.matcher(String.valueOf(cause.getMessage()));
        return status.find() ? " " + status.group() : "";
    }
}
