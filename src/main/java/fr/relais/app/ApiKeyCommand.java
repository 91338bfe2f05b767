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
        description = "Manages the keys of the API and the console.",
        subcommands = {ApiKeyCommand.Add.class, ApiKeyCommand.Revoke.class, ApiKeyCommand.ListNames.class})
class ApiKeyCommand {

    /** So that Spring's options appear in the help. */
    @Mixin
    private SpringArguments arguments;

    private abstract static class WithKeys implements Callable<Integer> {

        @Mixin
        private SpringArguments arguments;

        abstract int with(ApiKeys keys);

        @Override
        public Integer call() {
            try (ConfigurableApplicationContext context = new SpringApplicationBuilder(RelaisApplication.class)
                    .web(WebApplicationType.NONE)
                    .run(arguments.get())) {
                return with(context.getBean(ApiKeys.class));
            }
        }
    }

    @Command(name = "add", description = "Creates a key and prints it. Only its SHA-256 is stored.")
    static class Add extends WithKeys {
        @Parameters(
                paramLabel = "NAME",
                description = "The name of the holder: 1 to 64 letters, digits, dots, dashes or underscores.")
        private String name;

        @Override
        int with(ApiKeys keys) {
            System.out.println(keys.add(name));
            return 0;
        }
    }

    @Command(
            name = "revoke",
            description = "Revokes a key with immediate effect. Exit code 2 when there is no key of this name.")
    static class Revoke extends WithKeys {
        @Parameters(
                paramLabel = "NAME",
                description = "The name of the holder: 1 to 64 letters, digits, dots, dashes or underscores.")
        private String name;

        @Override
        int with(ApiKeys keys) {
            boolean revoked = keys.revoke(name);
            System.out.println(revoked ? "Revoked: " + name : "There is no key of the name " + name);
            return revoked ? 0 : 2;
        }
    }

    @Command(name = "list", description = "Prints the names of all keys.")
    static class ListNames extends WithKeys {
        @Override
        int with(ApiKeys keys) {
            keys.names().forEach(System.out::println);
            return 0;
        }
    }
}
