package fr.relais.app;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import fr.relais.Relais;
import fr.relais.boot.RelaisAutoConfiguration;
import fr.relais.ledger.Anchor;
import org.apache.camel.CamelContext;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Import;
import picocli.CommandLine;

/** The Spring Boot application. Without a command it runs the service; with a command it does one job and exits. */
@SpringBootApplication(scanBasePackages = "fr.relais.web", exclude = RelaisAutoConfiguration.class)
@Import({RelaisConfiguration.class, HealthIndicators.class, ManagementConfiguration.class, SpanConfiguration.class})
public class RelaisApplication {

    /** The exit code after a mistake on the command line, {@code EX_USAGE} in {@code sysexits.h}. */
    private static final int USAGE = 64;

    public static void main(String[] args) {
        int exitCode = run(args);
        if (exitCode != ServiceCommand.RUNNING) {
            System.exit(exitCode);
        }
    }

    /** Runs a command. Returns its exit code, or {@link ServiceCommand#RUNNING} when the service has started. */
    static int run(String... args) {
        CommandLine commands = new CommandLine(new ServiceCommand())
                .addSubcommand(new SyncCommand())
                .addSubcommand(new ApproveRemovalsCommand())
                .addSubcommand(new ProbeCommand())
                .addSubcommand(new ReportCommand())
                .addSubcommand(new ReplayCommand())
                .addSubcommand(new ApiKeyCommand())
                .addSubcommand(new LicenceCommand())
                .addSubcommand(new DutiesCommand())
                .addSubcommand(new WipeCommand())
                .addSubcommand(new UnsealCommand())
                .addSubcommand(new ResidueCommand())
                .addSubcommand(new AuditCommand())
                .registerConverter(Anchor.class, Anchor::of)
                // Settings for Spring Boot (--server.port=…) are passed on to it.
                .setUnmatchedArgumentsAllowed(true)
                .setExecutionExceptionHandler((exception, command, parsed) -> {
                    if (!StartFailureAnalyzer.isReported(exception)) {
                        command.getErr().println(StartFailureAnalyzer.describe(exception));
                    }
                    return CommandLine.ExitCode.SOFTWARE;
                });
        setUsageExitCode(commands);
        return commands.execute(args);
    }

    /** Replaces picocli's own exit code for invalid input, which is also that of an incomplete sweep. */
    private static void setUsageExitCode(CommandLine command) {
        command.getCommandSpec().exitCodeOnInvalidInput(USAGE);
        command.getSubcommands().values().forEach(RelaisApplication::setUsageExitCode);
    }

    /**
     * Returns the application without its web server, for a command. Its log goes to standard error, so that standard
     * output has only what the command prints.
     */
    static SpringApplicationBuilder forCommand() {
        return new SpringApplicationBuilder(RelaisApplication.class)
                .web(WebApplicationType.NONE)
                // A command prints its result, so the log need not repeat it.
                .properties(
                        "logging.level.fr.relais.report=warn",
                        "logging.level.fr.relais.changelog=warn",
                        "logging.level.fr.relais.events=warn")
                .initializers(context -> logToStandardError());
    }

    private static void logToStandardError() {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        // Spring Boot gives its appender this name. The appenders of an operator's own Logback configuration are not
        // changed.
        if (root.getAppender("CONSOLE") instanceof ConsoleAppender<?> console) {
            console.stop();
            console.setTarget(ConsoleTarget.SystemErr.getName());
            console.start();
        }
    }

    /** Returns the pipeline of a started application. */
    static Relais relais(ApplicationContext context) {
        return Relais.of(context.getBean(CamelContext.class)).orElseThrow();
    }
}
