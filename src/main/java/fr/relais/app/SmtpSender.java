package fr.relais.app;

import fr.relais.report.ReportMail;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * A mail sender with the settings {@code spring.mail.*}, named as in Spring Boot. It records the reply of the mail
 * server in the mail.
 */
final class SmtpSender extends DefaultJavaMailSender {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpSender.class);
    private static final String TIMEOUT_MILLIS = "60000";

    SmtpSender(Environment environment) {
        String protocol = environment.getProperty("spring.mail.protocol", "smtp");
        Properties properties = new Properties();
        for (String timeout : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail." + protocol + "." + timeout, TIMEOUT_MILLIS);
        }
        if (environment.containsProperty("spring.mail.username")) {
            properties.setProperty("mail." + protocol + ".auth", "true");
        }
        properties.setProperty("mail." + protocol + ".ssl.checkserveridentity", "true");
        Binder.get(environment)
                .bind("spring.mail.properties", Bindable.mapOf(String.class, String.class))
                .orElse(Map.of())
                .forEach(properties::setProperty);
        setProtocol(protocol);
        setHost(environment.getRequiredProperty("spring.mail.host"));
        setPort(environment.getProperty("spring.mail.port", Integer.class, -1));
        setUsername(environment.getProperty("spring.mail.username"));
        setPassword(environment.getProperty("spring.mail.password"));
        setJavaMailProperties(properties);
        setSession(Session.getInstance(properties));
    }

    @Override
    public void send(MimeMessage message) throws MessagingException {
        message.saveChanges();
        Transport transport = getTransport(getSession());
        try {
            transport.connect(getHost(), getPort(), getUsername(), getPassword());
            transport.sendMessage(message, message.getAllRecipients());
        } finally {
            if (message instanceof ReportMail.Mail mail && transport instanceof SMTPTransport smtp) {
                mail.setServerReply(smtp.getLastReturnCode(), smtp.getLastServerResponse());
            }
            close(transport);
        }
    }

    /** Closes the connection. A failure is only logged, because it does not concern the delivery of the mail. */
    private static void close(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            LOG.debug("The connection to the mail server could not be closed");
        }
    }
}
