package fr.relais.app;

import fr.relais.report.ReportMail;
import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.MimeMessage;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** The mail server of the settings {@code spring.mail.*}, under the names that Spring Boot gives them. It keeps what the server says. */
final class SmtpSender extends DefaultJavaMailSender {

    private static final String PATIENCE = "60000";

    private Transport transport;

    SmtpSender(Environment environment) {
        String protocol = environment.getProperty("spring.mail.protocol", "smtp");
        Properties properties = new Properties();
        for (String timeout : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.setProperty("mail." + protocol + "." + timeout, PATIENCE);
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
    public synchronized void send(MimeMessage message) throws MessagingException {
        super.send(message);
        if (message instanceof ReportMail.Mail mail && transport instanceof SMTPTransport smtp) {
            mail.setServerReply(smtp.getLastServerResponse());
        }
    }

    @Override
    protected Transport getTransport(Session session) throws NoSuchProviderException {
        transport = super.getTransport(session);
        return transport;
    }
}
