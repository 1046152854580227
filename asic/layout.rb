# KLayout: GDS and picture of a routed DEF. usage: klayout -z -rd lef=F -rd def=F -rd gds=F -rd png=F -r layout.rb
reader = RBA::LEFDEFReaderConfiguration.new
reader.lef_files = [$lef]
reader.macro_resolution_mode = 1 # cells as the LEF draws them
options = RBA::LoadLayoutOptions.new
options.lefdef_config = reader
view = RBA::LayoutView.new
view.load_layout($def, options, false)
view.max_hier
view.zoom_fit
view.set_config("background-color", "#ffffff")
view.set_config("grid-visible", "false")
view.set_config("text-visible", "false")
view.save_image($png, 960, 720)
view.active_cellview.layout.write($gds)
