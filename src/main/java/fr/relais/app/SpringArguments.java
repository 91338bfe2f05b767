package fr.relais.app;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that every command has: {@code --help}, and settings for Spring Boot as {@code --name=value}. */
class SpringArguments {

    /**
     * An argument that is a setting. The dot distinguishes it from a misspelt option: every useful setting of Relais
     * and of Spring Boot has a dot in its name.
     */
    private static final Pattern SETTING = Pattern.compile("(?s)--[^=]+\\.[^=]+=.*");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    /**
     * Returns the arguments for Spring Boot.
     *
     * @throws CommandLine.ParameterException for a secret, and for an argument that is not a setting, such as a
     *     misspelt command or option
     */
    String[] get() {
        // The arguments that picocli does not know, before and after the name of the command.
        List<String> arguments = Stream.iterate(command.commandLine(), Objects::nonNull, CommandLine::getParent)
                .flatMap(line -> line.getUnmatchedArguments().stream())
                .toList();
        Stream.concat(
                        arguments.stream(),
                        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                                .filter(option -> option.startsWith("-D")))
                .filter(SpringArguments::isSecret)
                .findFirst()
                .ifPresent(argument -> {
                    throw new CommandLine.ParameterException(
                            command.commandLine(),
                            name(argument)
                                    + " must not be on the command line, where every user of this machine can read it."
                                    + " Use an environment variable or a file.");
                });
        for (String argument : arguments) {
            if (!SETTING.matcher(argument).matches()) {
                throw new CommandLine.ParameterException(
                        command.commandLine(), "Unknown command or option: " + name(argument));
            }
        }
        return arguments.toArray(String[]::new);
    }

    /** Returns the argument without its value, which may be a secret. */
    private static String name(String argument) {
        return argument.replaceFirst("(?s)=.*", "");
    }

    /**
     * Whether the argument contains a secret, according to its name or to a name in its value, which may be an address
     * or JSON. The password of a trust store is allowed, because the certificates in it are public.
     */
    static boolean isSecret(String argument) {
        return argument.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z=:]", "")
                .matches(".*((clientsecret|alertwebhook|(?<!truststore)password)([=:].*)?|token[=:].*)");
    }
}
