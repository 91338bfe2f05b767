package fr.relais.report;

import fr.relais.failure.RelaisException;

/** A mail that cannot be made, or for which there is no mail server: it was certainly not sent. */
public final class MailNotMade extends RelaisException {

    private static final long serialVersionUID = 1L;

    MailNotMade(String message, Throwable cause) {
        super(
                message,
                "Correct the settings spring.mail.* and relais.report.*, or your routes; the report is sent then.",
                cause);
    }
}
