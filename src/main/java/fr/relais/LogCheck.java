package fr.relais;

import fr.relais.failure.RelaisException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The check that libraries do not log secrets or offers (licence, article 7). It does not notice a level that is
 * changed later.
 */
final class LogCheck {

    /**
     * A library that logs the data that it handles.
     *
     * @param name the name that its loggers begin with
     * @param logsData whether a logger has a level at which the library logs secrets, or the content or id of an offer
     * @param quiet a level at which the library does not log such data
     * @param loggers the loggers that log most of the data, without the name of the library. A host may have set their
     *     levels separately.
     */
    record Library(String name, Predicate<Logger> logsData, String quiet, List<String> loggers) {

        /** Returns the loggers that log data: the library as a whole, or some of its loggers. */
        private Stream<String> loud() {
            return isLoud(name)
                    ? Stream.of(name)
                    : loggers.stream().map(logger -> name + "." + logger).filter(this::isLoud);
        }

        private boolean isLoud(String logger) {
            return logsData.test(LoggerFactory.getLogger(logger));
        }
    }

    /** The libraries that log data unless their level prevents it. LoggingIT verifies that the list is complete. */
    static final List<Library> LIBRARIES = List.of(
            // The values of settings, the addresses of offers, and the parameters of beans and of SQL.
            new Library(
                    "org.apache.camel",
                    Logger::isDebugEnabled,
                    "info",
                    List.of(
                            "component.bean.MethodInfo",
                            "component.http.HttpProducer",
                            "component.jms.JmsConfiguration",
                            "component.properties.DefaultPropertiesParser",
                            "component.sql.DefaultSqlPrepareStatementStrategy",
                            "impl.engine.DefaultCamelContextExtension",
                            "processor.CatchProcessor",
                            "processor.SendProcessor")),
            // The addresses of offers, and all bytes of connections to other endpoints, such as relais.alert.uri.
            new Library(
                    "org.apache.hc.client5.http",
                    Logger::isDebugEnabled,
                    "info",
                    List.of("headers", "impl.classic.MainClientExec", "wire")),
            // The messages of the database, which quote the values that it refuses, and the parameters of SQL.
            new Library(
                    "org.springframework.jdbc",
                    Logger::isDebugEnabled,
                    "info",
                    List.of("core.StatementCreatorUtils", "support.SQLErrorCodeSQLExceptionTranslator")),
            // All bytes of the connections to the database.
            new Library("org.mariadb.jdbc", Logger::isTraceEnabled, "info", List.of("client.socket.Reader")),
            // The names of MBeans, which may contain the addresses of endpoints.
            new Library("javax.management", Logger::isDebugEnabled, "info", List.of("mbeanserver")),
            // All bytes of mails, among them the ids in a report.
            new Library(
                    "org.eclipse.angus.mail",
                    Logger::isTraceEnabled,
                    "info",
                    List.of("imap.protocol", "smtp.protocol")),
            // The messages of the database.
            new Library("org.mariadb.jdbc.message.server", Logger::isWarnEnabled, "off", List.of("ErrorPacket")));

    private LogCheck() {}

    /** The refusal of log levels at which libraries log secrets or offers. */
    static final class LoudLoggers extends RelaisException {
        private LoudLoggers(List<String> levels) {
            super(
                    "Some loggers would write secrets or offers to the log (licence, article 7)",
                    "Set these levels: " + String.join(", ", levels)
                            + ". In Spring Boot, write logging.level.NAME=LEVEL; in logback.xml, <logger name=\"NAME\""
                            + " level=\"LEVEL\"/>; in log4j2.xml, <Logger name=\"NAME\" level=\"LEVEL\"/>; in"
                            + " simplelogger.properties, org.slf4j.simpleLogger.log.NAME=LEVEL; in Karaf's"
                            + " org.ops4j.pax.logging.cfg, log4j2.logger.ANY.name=NAME and"
                            + " log4j2.logger.ANY.level=LEVEL.");
        }
    }

    /**
     * Makes sure that no library logs data.
     *
     * @throws LoudLoggers when some loggers do. It names them all.
     */
    static void require() {
        List<String> levels = LIBRARIES.stream()
                .flatMap(library -> library.loud().map(logger -> logger + "=" + library.quiet))
                .toList();
        if (!levels.isEmpty()) {
            throw new LoudLoggers(levels);
        }
    }
}
