package fr.relais.watch;

import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.util.Date;
import java.util.Properties;

/** The mail of an alert. */
public final class AlertMail {

    private final String from;
    private final String to;

    /**
     * @param from the sender, which is that of the monthly report
     * @param to the recipients, separated by commas
     */
    public AlertMail(String from, String to) {
        this.from = from;
        this.to = to;
    }

    /** Returns the mail: its subject is the summary in one line, its text is {@link Alert#text}. */
    public MimeMessage message(Alert alert) throws MessagingException {
        MimeMessage mail = new MimeMessage(Session.getInstance(new Properties()));
        mail.setFrom(new InternetAddress(from));
        mail.setRecipients(Message.RecipientType.TO, InternetAddress.parse(to));
        mail.setSubject("[Relais] " + alert.severity() + ": " + alert.summary(), "UTF-8");
        mail.setSentDate(Date.from(alert.at()));
        mail.setText(alert.text(), "UTF-8");
        return mail;
    }
}
