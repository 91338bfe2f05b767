package fr.relais.app;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every verb takes besides its own options: help, and settings for Spring as {@code --name=value}. */
class SpringArguments {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec verb;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    /** @throws CommandLine.ParameterException for what is no setting, a misspelt verb for instance, and for a secret */
    String[] get() {
        // Whatever is no option of the verb.
        List<String> arguments = verb.commandLine().getUnmatchedArguments();
        for (String argument : arguments) {
            if (!argument.startsWith("--")) {
                throw new CommandLine.ParameterException(verb.commandLine(), "Unknown: " + argument);
            }
        }
        Stream.concat(arguments.stream(), ManagementFactory.getRuntimeMXBean().getInputArguments().stream())
                .map(argument -> argument.replaceFirst("=.*", ""))
                .filter(SpringArguments::isSecret)
                .findFirst()
                .ifPresent(argument -> {
                    throw new CommandLine.ParameterException(
                            verb.commandLine(),
                            argument + " on the command line can be read by everyone on this machine: give it as an"
                                    + " environment variable or in a file");
                });
        return arguments.toArray(String[]::new);
    }

    private static boolean isSecret(String argument) {
        String name = argument.toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "");
        return name.endsWith("clientsecret") || name.endsWith("password");
    }
}
