package fr.relais.app;

import fr.relais.Relais;
import java.util.concurrent.Callable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Mixin;

/** A command that opens the application without its web server, does one job with the pipeline, and exits. */
abstract class RelaisCommand implements Callable<Integer> {

    @Mixin
    private SpringArguments arguments;

    /** Does the job. Returns the exit code. */
    abstract int run(Relais relais) throws Exception;

    /** Returns the application that the command opens. */
    SpringApplicationBuilder application() {
        return RelaisApplication.forCommand();
    }

    @Override
    public Integer call() throws Exception {
        try (ConfigurableApplicationContext context = application().run(arguments.get())) {
            return run(RelaisApplication.relais(context));
        }
    }
}
