package fr.relais.report;

import fr.relais.failure.RelaisException;

/**
 * A failure before the mail server is called: the mail of a report cannot be created, or no mail server is configured.
 * The report was certainly not sent.
 */
public final class MailNotCreated extends RelaisException {

    private static final long serialVersionUID = 1L;

    MailNotCreated(String message, Throwable cause) {
        super(
                message,
                "Correct spring.mail.* and relais.report.*, or your routes; the next attempt sends the report.",
                cause);
    }
}
