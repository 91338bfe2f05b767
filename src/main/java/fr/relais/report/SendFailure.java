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
 * What a failure to send a report means.
 *
 * @param state {@code PREPARED}: it was certainly not sent, and is tried again; {@code FAILED}: refused for good;
 *     {@code SUBMITTING}: it may have been sent
 * @param reason in words that quote no address and no secret
 */
record SendFailure(ReportState state, String reason) {

    private static final Pattern ENHANCED_STATUS = Pattern.compile("\\b[45]\\.\\d{1,3}\\.\\d{1,3}\\b");

    /** A failure before the mail was given to the mail server. */
    static SendFailure beforeMail(Throwable failure) {
        return new SendFailure(
                ReportState.PREPARED,
                Failures.causes(failure)
                        .filter(RelaisException.class::isInstance)
                        .map(Throwable::getMessage)
                        .findFirst()
                        .orElseGet(() -> "the report could not be delivered: " + Failures.types(failure)));
    }

    /** A failure of the mail server, or on the way to it. */
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
            } else if (cause instanceof MailNotMade) {
                return new SendFailure(ReportState.PREPARED, cause.getMessage());
            }
        }
        return new SendFailure(
                ReportState.SUBMITTING,
                "the connection to the mail server failed: "
                        + causes.get(causes.size() - 1).getClass().getSimpleName());
    }

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

    /** The status of RFC 3463, which tells what is wrong. */
    private static String enhancedStatus(Throwable cause) {
        Matcher status = ENHANCED_STATUS.matcher(String.valueOf(cause.getMessage()));
        return status.find() ? " " + status.group() : "";
    }
}
