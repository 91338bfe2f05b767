package fr.relais.app;

import fr.relais.views.Views;
import fr.relais.web.access.ApiKeys;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code api-key}. */
@Command(
        name = "api-key",
        description = "Manages the keys that open the API to sites, and the console to operators and auditors.",
        subcommands = {ApiKeyCommand.Add.class, ApiKeyCommand.Revoke.class, ApiKeyCommand.ListHolders.class})
class ApiKeyCommand {

    /** Adds the option {@code --help}. */
    @Mixin
    private SpringArguments arguments;

    private abstract static class KeyCommand implements Callable<Integer> {

        @Mixin
        private SpringArguments arguments;

        /** Returns the exit code. */
        abstract int run(ApiKeys keys, Views views) throws InterruptedException;

        @Override
        public Integer call() throws InterruptedException {
            try (ConfigurableApplicationContext context =
                    RelaisApplication.forCommand().run(arguments.get())) {
                return run(
                        context.getBean(ApiKeys.class),
                        RelaisApplication.relais(context).views());
            }
        }
    }

    @Command(name = "add", description = "Creates a key and prints it. Only its SHA-256 is stored.")
    static class Add extends KeyCommand {
        @Parameters(
                paramLabel = "NAME",
                description = "The name of the holder: 1 to 64 letters, digits, dots, dashes or underscores.")
        private String name;

        @ArgGroup
        private Role role = new Role();

        /** The options that create a key for the console. At most one may be given. */
        private static final class Role {

            @Option(names = "--operator", description = "Creates a key for the console instead of the API.")
            private boolean isOperator;

            @Option(
                    names = "--auditor",
                    description = "Creates a key for the console with which nothing can be changed.")
            private boolean isAuditor;
        }

        @Override
        int run(ApiKeys keys, Views views) {
            System.out.println(
                    role.isOperator ? keys.addOperator(name) : role.isAuditor ? keys.addAuditor(name) : keys.add(name));
            return 0;
        }
    }

    @Command(
            name = "revoke",
            description =
                    "Revokes a key. The service refuses it within seconds. Exits with 1 if there is no key of this name"
                            + " and no view to subtract.")
    static class Revoke extends KeyCommand {
        @Parameters(
                paramLabel = "NAME",
                description = "The name of the holder: 1 to 64 letters, digits, dots, dashes or underscores.")
        private String name;

        @Option(
                names = "--discard-views",
                description = "Subtracts all views that were reported with the key from the months that are not frozen"
                        + " yet, as soon as the service refuses the key. Works after the key was revoked, too.")
        private boolean discardViews;

        @Override
        int run(ApiKeys keys, Views views) throws InterruptedException {
            boolean revoked = keys.revoke(name);
            System.out.println(revoked ? "Revoked: " + name : "There is no key named " + name);
            if (!discardViews) {
                return revoked ? 0 : 1;
            }
            // Even if there is no key, it may have been revoked a moment ago.
            Thread.sleep(ApiKeys.REVOCATION_DELAY.toMillis());
            Views.Discarded discarded = views.discard(name);
            print(discarded);
            return revoked || !discarded.subtracted().isEmpty() ? 0 : 1;
        }

        private static void print(Views.Discarded views) {
            views.frozen()
                    .forEach((month, count) -> System.out.println(
                            month + ": " + count + " views stay counted, because the report is frozen"));
            views.subtracted()
                    .forEach((month, count) -> System.out.println(month + ": " + count + " views subtracted"));
            if (views.subtracted().isEmpty()) {
                System.out.println("No view in an open month was reported with a key of this name");
            }
        }
    }

    @Command(name = "list", description = "Prints the names of all holders, and marks operators and auditors.")
    static class ListHolders extends KeyCommand {
        @Override
        int run(ApiKeys keys, Views views) {
            keys.holders().forEach(System.out::println);
            return 0;
        }
    }
}
