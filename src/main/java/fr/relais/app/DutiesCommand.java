package fr.relais.app;

import fr.relais.duty.Duties;
import fr.relais.duty.Duty;
import java.util.concurrent.Callable;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code duties}. */
@Command(
        name = "duties",
        description = "Prints the clauses of the licence with their states: met, at-risk (until when), broken,"
                + " not-configured or not-applicable.")
class DutiesCommand implements Callable<Integer> {

    @Mixin
    private SpringArguments arguments;

    @Override
    public Integer call() {
        try (ConfigurableApplicationContext context =
                RelaisApplication.forCommand().run(arguments.get())) {
            Duties duties = RelaisApplication.relais(context).duties();
            System.out.println(duties.profile().name());
            duties.read().forEach(duty -> System.out.println(line(duty)));
            return 0;
        }
    }

    private static String line(Duty duty) {
        return duty.clause().article() + " " + duty.state()
                + duty.breaksAt().map(at -> " until " + at).orElse("")
                + ": " + duty.clause().duty()
                + duty.clause()
                        .exemption()
                        .map(reason -> " (" + reason.reason() + ", " + reason.author() + ", " + reason.date() + ")")
                        .orElse("");
    }
}
