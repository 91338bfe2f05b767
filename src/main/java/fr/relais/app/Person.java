package fr.relais.app;

import picocli.CommandLine.Option;

/** The option {@code --by} of commands that record the decision of a person in the ledger. */
final class Person {

    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who does this. Default: the name of the system's user, ${user.name}.",
            defaultValue = "${sys:user.name}")
    String name;
}
