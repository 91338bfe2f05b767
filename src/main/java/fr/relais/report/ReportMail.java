package fr.relais.report;

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
import java.text.NumberFormat;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Locale;
import java.util.Properties;

/** The mail that brings a report: the same bytes, with the same {@code Message-ID}, for the same report and settings. */
public final class ReportMail {

    private static final Locale FRENCH = Locale.FRANCE;

    private final MonthlyReports reports;
    private final String from;
    private final String to;
    private final String replyTo;
    private final String bcc;
    private final String licensee;

    /** A mail that keeps its {@code Message-ID}, and what the mail server said to it. */
    public static final class Mail extends MimeMessage {

        private final String id;
        private String reply;

        private Mail(String id) {
            super(Session.getInstance(new Properties()));
            this.id = id;
        }

        /** What the mail server said when it took the mail, or null. */
        public String getServerReply() {
            return reply;
        }

        public void setServerReply(String reply) {
            this.reply = reply;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }

    /** Its boundary is not random. */
    private static final class Parts extends MimeMultipart {
        Parts(String boundary) throws MessagingException {
            ContentType type = new ContentType(getContentType());
            type.setParameter("boundary", boundary);
            contentType = type.toString();
        }
    }

    /**
     * @param from sender, or empty: then nothing can be sent
     * @param to recipient
     * @param replyTo for answers, or empty
     * @param bcc a mailbox of one's own that gets a copy, or empty
     * @param licensee the name of the licence's holder, or empty
     */
    public ReportMail(MonthlyReports reports, String from, String to, String replyTo, String bcc, String licensee) {
        this.reports = reports;
        this.from = from;
        this.to = to;
        this.replyTo = replyTo;
        this.bcc = bcc;
        this.licensee = licensee;
    }

    /** Of month and content alone: the local part of the {@code Message-ID}. */
    static String name(MonthlyReport report) {
        return "relais." + report.month() + "." + report.sha256().substring(0, 16);
    }

    /**
     * @param report frozen
     * @throws IllegalStateException when it cannot be made, for want of a setting or of the counts; the message tells
     */
    public Mail message(MonthlyReport report) {
        if (from.isEmpty()) {
            throw new Refusal.NotSent("relais.report.from is missing");
        }
        try {
            return mail(report);
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw new Refusal.NotSent(e.getMessage());
        } catch (MessagingException | RuntimeException e) {
            throw new Refusal.NotSent("the mail cannot be made: " + e.getClass().getSimpleName());
        }
    }

    private Mail mail(MonthlyReport report) throws MessagingException {
        Mail mail = new Mail("<" + name(report) + "@" + from.replaceAll("^.*@|>.*$", "") + ">");
        mail.setFrom(new InternetAddress(from));
        mail.setRecipients(Message.RecipientType.TO, InternetAddress.parse(to));
        if (!replyTo.isEmpty()) {
            mail.setReplyTo(InternetAddress.parse(replyTo));
        }
        if (!bcc.isEmpty()) {
            mail.setRecipients(Message.RecipientType.BCC, InternetAddress.parse(bcc));
        }
        String month = DateTimeFormatter.ofPattern("MMMM uuuu", FRENCH).format(report.month());
        mail.setSubject(
                "Consultations des offres : " + month + (licensee.isEmpty() ? "" : " (" + licensee + ")"), "UTF-8");
        mail.setSentDate(Date.from(report.preparedAt()));
        Parts parts = new Parts("=_" + name(report));
        MimeBodyPart text = new MimeBodyPart();
        text.setText(text(report, month), "UTF-8");
        parts.addBodyPart(text);
        MimeBodyPart file = new MimeBodyPart();
        file.setDataHandler(new DataHandler(new ByteArrayDataSource(reports.csv(report), "text/csv; charset=UTF-8")));
        file.setHeader("Content-Transfer-Encoding", "base64");
        file.setFileName("consultations-" + report.month() + ".csv");
        parts.addBodyPart(file);
        mail.setContent(parts);
        mail.saveChanges();
        return mail;
    }

    /** For a pipeline that knows no mail server. */
    public void refuse() {
        throw new Refusal.NotSent("no mail server is known: give spring.mail.host, or relais.report.uri");
    }

    private String text(MonthlyReport report, String month) {
        NumberFormat number = NumberFormat.getIntegerInstance(FRENCH);
        return """
                Bonjour,

                Veuillez trouver ci-joint, comme le prévoit l’article 5.4 de la licence de réutilisation, le nombre de consultations \
                des offres d’emploi en %s : %s au total, pour %s offres.

                Fichier : consultations-%s.csv (UTF-8, séparateur point-virgule)
                SHA-256 : %s

                %s""".formatted(
                        month,
                        number.format(report.views()),
                        number.format(report.offers()),
                        report.month(),
                        report.sha256(),
                        licensee.isEmpty() ? from : licensee);
    }
}
