package fr.relais.app;

import fr.relais.web.access.ApiKeys;
import java.util.concurrent.Callable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The command {@code api-key}. */
@Command(
        name = "api-key",
        description = "Manages the keys for the API and the console.",
        subcommands = {ApiKeyCommand.Add.class, ApiKeyCommand.Revoke.class, ApiKeyCommand.ListNames.class})
class ApiKeyCommand {

    /** Adds the option {@code --help}. */
    @Mixin
    private SpringArguments arguments;

    private abstract static class KeyCommand implements Callable<Integer> {

        @Mixin
        private SpringArguments arguments;

        /** Returns the exit code. */
        abstract int run(ApiKeys keys);

        @Override
        public Integer call() {
            try (ConfigurableApplicationContext context = new SpringApplicationBuilder(RelaisApplication.class)
                    .web(WebApplicationType.NONE)
                    .run(arguments.get())) {
                return run(context.getBean(ApiKeys.class));
            }
        }
    }

    @Command(name = "add", description = "Creates a key and prints it. Only its SHA-256 is stored.")
    static class Add extends KeyCommand {
        @Parameters(
                paramLabel = "NAME",
                description = "The name of the holder: 1 to 64 letters, digits, dots, dashes or underscores.")
        private String name;

        @Override
        int run(ApiKeys keys) {
            System.out.println(keys.add(name));
            return 0;
        }
    }

    @Command(
            name = "revoke",
            description = "Revokes a key with immediate effect. Exits with 1 if there is no key of this name.")
    static class Revoke extends KeyCommand {
        @Parameters(
                paramLabel = "NAME",
                description = "The name of the holder: 1 to 64 letters, digits, dots, dashes or underscores.")
        private String name;

        @Override
        int run(ApiKeys keys) {
            boolean revoked = keys.revoke(name);
            System.out.println(revoked ? "Revoked: " + name : "There is no key named " + name);
            return revoked ? 0 : 1;
        }
    }

    @Command(name = "list", description = "Prints the names of all keys.")
    static class ListNames extends KeyCommand {
        @Override
        int run(ApiKeys keys) {
            keys.names().forEach(System.out::println);
            return 0;
        }
    }
}
