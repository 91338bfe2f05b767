package fr.relais.app;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
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
        // Whatever is no option of the verb, before it or after it.
        List<String> arguments = Stream.iterate(verb.commandLine(), Objects::nonNull, CommandLine::getParent)
                .flatMap(command -> command.getUnmatchedArguments().stream())
                .toList();
        Stream.concat(
                        arguments.stream(),
                        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                                .filter(option -> option.startsWith("-D")))
                .filter(SpringArguments::isSecret)
                .findFirst()
                .ifPresent(argument -> {
                    throw new CommandLine.ParameterException(
                            verb.commandLine(),
                            name(argument)
                                    + " on the command line can be read by everyone on this machine: give it as an"
                                    + " environment variable or in a file");
                });
        for (String argument : arguments) {
            if (!argument.startsWith("--")) {
                throw new CommandLine.ParameterException(verb.commandLine(), "Unknown: " + name(argument));
            }
        }
        return arguments.toArray(String[]::new);
    }

    /** Without the value, which may be what nobody should read. */
    private static String name(String argument) {
        return argument.replaceFirst("(?s)=.*", "");
    }

    /** By its own name or by one in its value, an address or JSON. What a trust store has are certificates, which all may read. */
    private static boolean isSecret(String argument) {
        return argument.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z=:]", "")
                .matches(".*(clientsecret|(?<!truststore)password)([=:].*)?");
    }
}
