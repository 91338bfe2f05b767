package fr.relais.report;

import jakarta.mail.AuthenticationFailedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPSenderFailedException;
import org.eclipse.angus.mail.util.MailConnectException;

/**
 * What it means that a report could not be sent.
 *
 * @param state {@code prepared}: it was certainly not sent, and is tried again; {@code failed}: refused for good; {@code submitting}: it may
 *     have been sent
 * @param reason in words that quote no address and no secret
 */
record Refusal(String state, String reason) {

    /** The mail did not leave; whoever throws it knows. */
    static final class NotSent extends IllegalStateException {
        NotSent(String message) {
            super(message);
        }
    }

    static Refusal of(Throwable failure) {
        List<Throwable> causes = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .flatMap(cause ->
                        cause instanceof jakarta.mail.MessagingException mail && mail.getNextException() != null
                                ? Stream.of(cause, mail.getNextException())
                                : Stream.of(cause))
                .toList();
        for (Throwable cause : causes) {
            int code = code(cause);
            if (code >= 400 && code < 500) {
                return new Refusal("prepared", "the mail server answered " + code + words(cause));
            } else if (code >= 500) {
                return new Refusal("failed", "the mail server answered " + code + words(cause));
            } else if (cause instanceof AuthenticationFailedException) {
                return new Refusal("prepared", "the mail server refuses the user or the password");
            } else if (cause instanceof MailConnectException
                    || cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnknownHostException) {
                return new Refusal("prepared", "the mail server cannot be reached");
            } else if (cause instanceof NotSent) {
                return new Refusal("prepared", cause.getMessage());
            }
        }
        return new Refusal(
                "submitting",
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

    /** The enhanced status (RFC 3463), which says what is wrong. */
    private static String words(Throwable cause) {
        Matcher status =
                Pattern.compile("\\b[45]\\.\\d{1,3}\\.\\d{1,3}\\b").matcher(String.valueOf(cause.getMessage()));
        return status.find() ? " " + status.group() : "";
    }
}
