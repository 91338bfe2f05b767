package fr.relais.report;

import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
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
 *     server rejected its content permanently, {@code SUBMITTING} when it may have been sent
 * @param reason why it failed; quotes no address and no secret
 */
record SendFailure(ReportState state, String reason) {

    private static final Pattern ENHANCED_STATUS = Pattern.compile("\\b[45]\\.\\d{1,3}\\.\\d{1,3}\\b");

    /**
     * Classifies a failure. A mail server takes responsibility for a mail only after it has received the whole content.
     * So after any earlier failure, the report was certainly not sent.
     *
     * @param mail the mail for the mail server, or null when the failure came before the mail was made
     */
    static SendFailure of(ReportMail.Mail mail, Throwable failure) {
        if (mail == null) {
            return new SendFailure(ReportState.PREPARED, reasonBeforeMail(failure));
        }
        List<Throwable> causes = causes(failure);
        return new SendFailure(
                mail.isWritten() ? stateAfterContent(causes) : ReportState.PREPARED, reason(mail, causes));
    }

    private static ReportState stateAfterContent(List<Throwable> causes) {
        int code = causes.stream()
                .filter(SMTPSendFailedException.class::isInstance)
                .mapToInt(SendFailure::code)
                .findFirst()
                .orElse(-1);
        if (code < 400) {
            return ReportState.SUBMITTING;
        }
        return code < 500 ? ReportState.PREPARED : ReportState.FAILED;
    }

    private static String reasonBeforeMail(Throwable failure) {
        return Failures.causes(failure)
                .filter(RelaisException.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst()
                .orElseGet(() -> "the report could not be delivered: " + Failures.types(failure));
    }

    private static String reason(ReportMail.Mail mail, List<Throwable> causes) {
        for (Throwable cause : causes) {
            if (code(cause) >= 400) {
                return answered(code(cause), cause.getMessage());
            } else if (cause instanceof AuthenticationFailedException) {
                return "the mail server refuses the user or the password";
            } else if (cause instanceof MailConnectException
                    || cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnknownHostException) {
                return "the mail server cannot be reached";
            } else if (cause instanceof MailNotCreated) {
                return cause.getMessage();
            }
        }
        return mail.getReplyCode() >= 400
                ? answered(mail.getReplyCode(), mail.getServerReply())
                : "the connection to the mail server failed: "
                        + causes.get(causes.size() - 1).getClass().getSimpleName();
    }

    /** Returns the failure and its causes, including those that Jakarta Mail chains in its own way. */
    private static List<Throwable> causes(Throwable failure) {
        return Failures.causes(failure)
                .flatMap(cause -> cause instanceof MessagingException mail && mail.getNextException() != null
                        ? Stream.of(cause, mail.getNextException())
                        : Stream.of(cause))
                .toList();
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

    /** Describes an answer by its code and, if there is one, its enhanced status code (RFC 3463). */
    private static String answered(int code, String answer) {
        Matcher status = ENHANCED_STATUS.matcher(String.valueOf(answer));
        return "the mail server answered " + code + (status.find() ? " " + status.group() : "");
    }
}
