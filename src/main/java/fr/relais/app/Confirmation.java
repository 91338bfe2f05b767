package fr.relais.app;

import fr.relais.failure.RelaisException;
import java.io.Console;
import picocli.CommandLine.Option;

/** The confirmation that an operator types before a command that cannot be undone. */
final class Confirmation {

    @Option(
            names = "--confirm",
            paramLabel = "SCHEMA",
            description = "The name of the database schema, for scripts. Without this option, you type the name.")
    private String given;

    /** The refusal of a command that was not confirmed. */
    static final class Missing extends RelaisException {

        private static final long serialVersionUID = 1L;

        private Missing(String command, String schema) {
            super(
                    "The command " + command + " did nothing, because it was not confirmed",
                    "Run it in a terminal and type the name of the schema, or add: --confirm " + schema);
        }
    }

    /**
     * Makes sure that the operator has confirmed the command with the name of the schema.
     *
     * @param command the name of the command
     * @param effect what the command does, after "This"
     * @throws Missing when another name or none is given, for example because there is no terminal
     */
    void require(String command, String effect, String schema) {
        if (!schema.equals(given == null ? ask(effect, schema) : given)) {
            throw new Missing(command, schema);
        }
    }

    private static String ask(String effect, String schema) {
        Console console = System.console();
        return console == null
                ? null
                : console.readLine(
                        "This %s in the schema %s.%nType the name of the schema to continue: ", effect, schema);
    }
}
