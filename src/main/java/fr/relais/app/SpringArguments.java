package fr.relais.app;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
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

    @Parameters(paramLabel = "--setting=value", description = "Settings, such as --relais.source.origins=1,2")
    private List<String> arguments = List.of();

    /** @throws CommandLine.ParameterException for what is no setting, a misspelt verb for instance */
    String[] get() {
        for (String argument : arguments) {
            if (!argument.startsWith("--")) {
                throw new CommandLine.ParameterException(verb.commandLine(), "Unknown: " + argument);
            }
        }
        return arguments.toArray(String[]::new);
    }
}
