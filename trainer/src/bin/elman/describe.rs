use elman_trainer::model::Model;

/// Prints the network that was understood, its sizes and costs.
pub fn describe(model: &Model) {
    println!("network       {}", model.description());
    println!("type          {}", model.rust_type());
    println!("parameters    {}", model.parameters());
    println!("weights       {} bytes", 4 * model.parameters());
    println!("multiply-adds {} a step", model.multiply_adds());
}
