package fr.relais.report;

import fr.relais.licence.Mentions;
import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.io.OutputStream;
import java.text.NumberFormat;
import java.time.YearMonth;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Locale;
import java.util.Properties;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The mail of a report. The same report and settings always give the same bytes and the same {@code Message-ID}. The
 * texts are in the message bundle.
 */
public final class ReportMail {

    private static final String CSV = "text/csv; charset=UTF-8";

    private final String from;
    private final String to;
    private final String replyTo;
    private final String bcc;
    private final String licensee;

    /** A mail with a fixed {@code Message-ID}, which also records the reply of the mail server. */
    public static final class Mail extends MimeMessage {

        private final String id;
        private int replyCode = -1;
        private String reply;
        private boolean isWritten;
        private boolean isAccepted;

        private Mail(String id) {
            super(Session.getInstance(new Properties()));
            this.id = id;
        }

        /** Returns the last reply of the mail server, or null when it is not known. */
        public String getServerReply() {
            return reply;
        }

        /** Returns the code of the last reply, or -1 when it is not known. */
        int getReplyCode() {
            return replyCode;
        }

        /**
         * Records the last reply of the mail server, whether it has accepted the mail or not.
         *
         * @param code the SMTP reply code, or -1 when there was no usable reply
         */
        public void setServerReply(int code, String reply) {
            this.replyCode = code;
            this.reply = reply;
        }

        /** Whether the mail server has accepted the mail. */
        public boolean isAccepted() {
            return isAccepted;
        }

        /** Whether the whole content was written; before that, no mail server can have accepted the mail. */
        boolean isWritten() {
            return isWritten;
        }

        /** Is called after the mail server has accepted the sender, the recipients and the command {@code DATA}. */
        @Override
        public void writeTo(OutputStream out, String[] ignoredHeaders) throws IOException, MessagingException {
            super.writeTo(out, ignoredHeaders);
            isWritten = true;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }

    /** The parts of a mail, with a given boundary instead of a random one. */
    private static final class Parts extends MimeMultipart {
        Parts(String boundary) throws MessagingException {
            ContentType type = new ContentType(getContentType());
            type.setParameter("boundary", boundary);
            contentType = type.toString();
        }
    }

    /**
     * @param from the sender; when empty, no report can be sent
     * @param to the recipient
     * @param replyTo the address for answers, or empty
     * @param bcc a mailbox of our own that gets a copy, or empty
     * @param licensee the name of the licensee, or empty
     */
    public ReportMail(String from, String to, String replyTo, String bcc, String licensee) {
        this.from = from;
        this.to = to;
        this.replyTo = replyTo;
        this.bcc = bcc;
        this.licensee = licensee;
    }

    /** Returns the local part of the {@code Message-ID}, which depends only on the month and the content. */
    static String name(MonthlyReport report) {
        return "relais." + report.month() + "." + report.sha256().substring(0, 16);
    }

    /**
     * Makes the mail of a report.
     *
     * @param report a frozen report
     * @param csv its CSV
     * @throws MailNotCreated when a setting is missing or unusable, or the CSV is not the one that was frozen
     */
    public Mail message(MonthlyReport report, byte[] csv) {
        if (from.isEmpty()) {
            throw new MailNotCreated("relais.report.from is missing", null);
        }
        if (!report.sha256().equals(DigestUtils.sha256Hex(csv))) {
            throw new MailNotCreated("a step of the route relais-deliver-report has changed the CSV", null);
        }
        try {
            return mail(report, csv);
        } catch (MessagingException | RuntimeException e) {
            throw new MailNotCreated(
                    "the mail cannot be created: " + e.getClass().getSimpleName(), e);
        }
    }

    private Mail mail(MonthlyReport report, byte[] csv) throws MessagingException {
        Mail mail = new Mail("<" + name(report) + "@" + from.replaceAll("^.*@|>.*$", "") + ">");
        mail.setFrom(new InternetAddress(from));
        mail.setRecipients(Message.RecipientType.TO, InternetAddress.parse(to));
        if (!replyTo.isEmpty()) {
            mail.setReplyTo(InternetAddress.parse(replyTo));
        }
        if (!bcc.isEmpty()) {
            mail.setRecipients(Message.RecipientType.BCC, InternetAddress.parse(bcc));
        }
        mail.setSubject(subject(report.month(), licensee), "UTF-8");
        mail.setSentDate(Date.from(report.preparedAt()));
        Parts parts = new Parts("=_" + name(report));
        MimeBodyPart text = new MimeBodyPart();
        text.setText(body(report), "UTF-8");
        parts.addBodyPart(text);
        MimeBodyPart file = new MimeBodyPart();
        file.setDataHandler(new DataHandler(new ByteArrayDataSource(csv, CSV)));
        file.setHeader("Content-Transfer-Encoding", "base64");
        file.setFileName(report.fileName());
        parts.addBodyPart(file);
        mail.setContent(parts);
        mail.saveChanges();
        return mail;
    }

    private String body(MonthlyReport report) {
        NumberFormat number = NumberFormat.getIntegerInstance(Locale.FRANCE);
        return text(
                "report.mail.text",
                words(report.month()),
                number.format(report.views()),
                number.format(report.offers()),
                report.fileName(),
                report.sha256(),
                report.anchor(),
                licensee.isEmpty() ? from : licensee);
    }

    /**
     * Returns the subject of the mail of a month.
     *
     * @param licensee the name of the licensee, or empty
     */
    public static String subject(YearMonth month, String licensee) {
        return licensee.isEmpty()
                ? text("report.mail.subject", words(month))
                : text("report.mail.subject.licensee", words(month), licensee);
    }

    private static String words(YearMonth month) {
        return DateTimeFormatter.ofPattern("MMMM uuuu", Locale.FRANCE).format(month);
    }

    private static String text(String key, Object... values) {
        return String.format(Locale.FRANCE, Mentions.TEXTS.getString(key), values);
    }

    /** Marks a mail as accepted by the mail server. */
    public void markAccepted(Mail mail) {
        mail.isAccepted = true;
    }

    /**
     * Rejects every mail, for a pipeline without a mail server.
     *
     * @throws MailNotCreated always
     */
    public void rejectWithoutMailServer() {
        throw new MailNotCreated("no mail server is configured: set spring.mail.host or relais.report.uri", null);
    }
}
